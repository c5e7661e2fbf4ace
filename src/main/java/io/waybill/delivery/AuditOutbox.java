package io.waybill.delivery;

import io.waybill.batch.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Port: the audit events that were written with their settlements and are on their way to
 * ClickHouse. Events are frozen into a planned batch before they are sent, so that a crash sends
 * the same bytes with the same token again. Thread-safe. Methods throw {@link LedgerException}.
 */
public interface AuditOutbox {

  /** How many events have not arrived yet. */
  long pending();

  /** The frozen batch that has not arrived yet, if there is one. */
  Optional<FrozenAudit> frozen();

  /**
   * Freezes the oldest events, at most so many, into a planned batch; empty if there are none.
   *
   * @throws IllegalStateException if one is frozen already
   */
  Optional<FrozenAudit> freeze(InsertShape shape, int most, Instant at);

  /** Gives the frozen batch the token of this plan. */
  void renew(BatchPlan plan);

  /** The frozen batch arrived: its events leave the outbox. */
  void settled(BatchPlan plan);

  /**
   * A frozen batch.
   *
   * @param plan plan, flow {@code waybill-audit}
   * @param body JSONEachRow lines, the same at every reading
   * @param formerTokens tokens that it was sent under before
   */
  record FrozenAudit(BatchPlan plan, Payload body, List<String> formerTokens) {}
}
