package io.waybill.delivery;

import io.waybill.batch.BatchSource.Stamp;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * Where a delivery writes down what it does, and the way to ClickHouse.
 *
 * @param ledger the durable book
 * @param outbox audit events on their way
 * @param deadLetters where refused records are kept
 * @param target the way to ClickHouse
 * @param listener hears what happens
 * @param clock the time
 * @param memory what batches of all flows may take together
 * @param locks keep deliveries of one source apart
 * @param faults hears of each step
 * @param cancellations runs that are to stop for good
 * @param stopping whether nothing further is to be planned, since Waybill is about to stop
 */
public record Papers(
    Ledger ledger,
    AuditOutbox outbox,
    DeadLetters deadLetters,
    Target target,
    RunListener listener,
    Clock clock,
    MemoryBudget memory,
    SourceLocks locks,
    FaultPoint faults,
    Cancellations cancellations,
    BooleanSupplier stopping) {

  /** Ends a run in the ledger and tells of it. */
  void end(Run run, RunState state, String reason, String remedy, Stamp stamp) {
    ledger.endRun(run.id(), state, reason, remedy, stamp, clock.instant());
    faults.reached(Step.RUN_ENDED);
    listener.ended(run, state, reason, remedy);
  }
}
