package io.waybill.ledger;

import io.waybill.delivery.TableName;
import java.time.Instant;
import java.util.Optional;

/**
 * A flow as people see it.
 *
 * @param name route id
 * @param target table that it goes to; empty if it was held before it was registered
 * @param declaredIn where it is declared
 * @param hold why it is held, if it is
 * @param lastRun its newest run, if there was one
 * @param loaded whether a route file declared it when files were loaded last
 * @param pause who wants it to rest, if somebody does
 * @param schedule when it is started, in words; empty if it has no schedule
 * @param nextDue when it is due next, as the process that serves, or served last, says
 */
public record FlowRow(
    String name,
    Optional<TableName> target,
    String declaredIn,
    Optional<Hold> hold,
    Optional<RunRow> lastRun,
    boolean loaded,
    Optional<Pause> pause,
    String schedule,
    Optional<Instant> nextDue) {

  /**
   * A hold.
   *
   * @param reason why
   * @param remedy what a person can do
   * @param since since when
   */
  public record Hold(String reason, String remedy, Instant since) {}

  /**
   * A pause.
   *
   * @param by who ordered it
   * @param since since when
   */
  public record Pause(String by, Instant since) {}
}
