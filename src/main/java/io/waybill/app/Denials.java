package io.waybill.app;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.AuditLog;
import io.waybill.delivery.TableName;
import io.waybill.policy.Decision;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the log and in the trail what a flow was not allowed. What is refused over and over is
 * noted once a minute. Thread-safe.
 */
final class Denials {
  private static final Logger LOG = LoggerFactory.getLogger(Denials.class);
  private static final Duration OFTEN = Duration.ofMinutes(1);
  private static final int MOST = 10_000;
  private final AuditLog trail;
  private final Clock clock;
  private final Map<Denied, Instant> noted = new ConcurrentHashMap<>();

  Denials(AuditLog trail, Clock clock) {
    this.trail = trail;
    this.clock = clock;
  }

  /**
   * What was not allowed.
   *
   * @param action what was wanted
   * @param table what it was about, if it was about one
   */
  record Denied(
      String flow, String role, String action, Optional<TableName> table, Decision decision) {}

  /** Notes it. */
  void note(Denied denied) {
    Instant now = clock.instant();
    if (noted.size() > MOST) {
      noted.values().removeIf(at -> at.plus(OFTEN).isBefore(now));
    }
    Instant before = noted.get(denied);
    if (before != null && now.isBefore(before.plus(OFTEN))) {
      return;
    }
    noted.put(denied, now);
    LOG.warn(
        "denied: {} of {} by flow {} as {}: {}",
        denied.action(),
        denied.table().map(TableName::toString).orElse("-"),
        denied.flow(),
        denied.role(),
        denied.decision());
    trail.note(
        AuditEvent.of(AuditKind.DENIED, now)
            .with(AuditField.FLOW, denied.flow())
            .with(AuditField.DATABASE, denied.table().map(TableName::database).orElse(""))
            .with(AuditField.TABLE, denied.table().map(TableName::table).orElse(""))
            .with(AuditField.ORDERED_BY, denied.flow())
            .with(AuditField.IDENTITY_SOURCE, "flow")
            .with(AuditField.ROLE, denied.role())
            .with(AuditField.ACTION, denied.action())
            .with(AuditField.RULE, denied.decision().line())
            .with(AuditField.OUTCOME, "denied")
            .with(AuditField.REASON, denied.decision().reason())
            .with(AuditField.PLANNED_AT, now)
            .build());
  }
}
