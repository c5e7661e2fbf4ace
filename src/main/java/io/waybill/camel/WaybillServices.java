package io.waybill.camel;

import io.waybill.batch.SegmentPool;
import io.waybill.delivery.AuditOutbox;
import io.waybill.delivery.Cancellations;
import io.waybill.delivery.Claims;
import io.waybill.delivery.DeadLetters;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.Ledger;
import io.waybill.delivery.LocalClaims;
import io.waybill.delivery.MemoryBudget;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.SourceLocks;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the {@code waybill:} component works with; wired by the application.
 *
 * @param ledger the durable book
 * @param outbox audit events on their way
 * @param deadLetters where refused records are kept
 * @param listener hears what happens
 * @param holds flows that wait
 * @param shapes by account: asks ClickHouse for tables, and makes them
 * @param rights as whom flows ask, and whether they may
 * @param spool where bodies that cannot be read again are kept
 * @param pool memory of batches
 * @param memory what batches of all flows may take together
 * @param locks keep deliveries of one source apart
 * @param clock the time
 * @param limits bounds that hold for all flows
 * @param faults hears of each step
 * @param flowExists whether there is a flow of this name
 * @param claims keeps sources apart that several processes could deliver
 * @param cancellations runs that are to stop for good
 * @param stopping whether nothing further is to be planned
 */
public record WaybillServices(
    Ledger ledger,
    AuditOutbox outbox,
    DeadLetters deadLetters,
    RunListener listener,
    FlowHolds holds,
    Function<Account, TableShapes> shapes,
    FlowRights rights,
    Spool spool,
    SegmentPool pool,
    MemoryBudget memory,
    SourceLocks locks,
    Clock clock,
    Limits limits,
    FaultPoint faults,
    Predicate<String> flowExists,
    Claims claims,
    Cancellations cancellations,
    BooleanSupplier stopping) {

  /**
   * Bounds that hold for all flows.
   *
   * @param quiet how long a file must have been left alone before a last record without line end
   *     counts
   * @param recordBytes longest record
   * @param auditBacklog audit events that may wait
   */
  public record Limits(Duration quiet, long recordBytes, long auditBacklog) {}

  /** For routes that are looked at and never started: there is nothing to deliver with. */
  public static WaybillServices forLooking(
      Function<Account, TableShapes> shapes, FlowRights rights, Limits limits) {
    return new WaybillServices(
        null,
        null,
        null,
        null,
        null,
        shapes,
        rights,
        null,
        null,
        MemoryBudget.ofHeap(),
        new SourceLocks(),
        Clock.systemUTC(),
        limits,
        FaultPoint.NONE,
        name -> true,
        new LocalClaims(),
        new Cancellations(),
        () -> false);
  }
}
