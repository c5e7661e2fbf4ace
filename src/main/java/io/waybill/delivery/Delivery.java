package io.waybill.delivery;

import io.waybill.batch.BatchSource;
import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.batch.RecordSource;
import io.waybill.batch.SegmentPool;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries the sources of one flow into ClickHouse: each batch is planned durably before it is sent
 * and settled durably before the source may be acknowledged, so that a crash at any point leads to
 * the same rows. See docs/guarantee.md.
 *
 * <p>Thread-safe: different sources may be delivered at the same time and share what may be in
 * flight; the same source waits for itself.
 */
public final class Delivery {
  private final FlowSpec flow;
  private final Papers papers;
  private final Executor senders;
  private final SegmentPool pool;
  private final Starts starts;

  /**
   * A way for one flow.
   *
   * @param senders runs the sending; has {@code flow.inFlight()} threads
   */
  public Delivery(FlowSpec flow, Papers papers, Executor senders, SegmentPool pool, Clock clock) {
    this.flow = flow;
    this.papers = papers;
    this.senders = senders;
    this.pool = pool;
    this.starts = new Starts(flow, papers.ledger(), pool, clock);
  }

  /**
   * Delivers a source that no trigger is behind; see {@link #deliver(BatchSource, Format,
   * SameContent, Demand, String)}.
   */
  public RunResult deliver(
      BatchSource source, Format format, SameContent sameContent, Demand demand) {
    return deliver(source, format, sameContent, demand, "");
  }

  /**
   * Delivers what the ledger does not know as settled of this source. When it returns every record
   * of the source is in ClickHouse or a dead letter, and the source may be acknowledged.
   *
   * @param sameContent what to do with content that was delivered under another name
   * @param demand why
   * @param trigger id of the occasion that a new run belongs to; may be empty
   * @throws HeldDeliveryException if the run has to wait for a person or the server
   * @throws RunFailedException if the source changed or is not what its format says
   * @throws DeliveryStoppedException if Waybill is stopping
   */
  public RunResult deliver(
      BatchSource source, Format format, SameContent sameContent, Demand demand, String trigger) {
    ReentrantLock lock = papers.locks().of(flow.name(), source.id());
    lock.lock();
    try {
      papers.locks().requireHere(flow.name());
      return deliverAlone(source, format, sameContent, demand, trigger);
    } catch (LedgerException e) {
      throw Held.byLedger(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens a source that goes on and on, where the ledger says that it was left. Only one process
   * may have it open, and only once: see {@link Claims}.
   *
   * @throws HeldDeliveryException if it has to wait for a person
   * @throws RunFailedException if its last run failed and nobody asked for it to go on
   */
  public Stream stream(RecordSource source) {
    try {
      refuseOtherTargetsInDoubt(source);
      Optional<Unit> unit = papers.ledger().latestUnit(flow.name(), source.id(), flow.table());
      if (unit.isEmpty()) {
        starts.refuseRenamed(source);
      }
      return Stream.open(flow, papers, pool, starts.ids(), source, unit);
    } catch (LedgerException e) {
      throw Held.byLedger(e);
    }
  }

  /**
   * Lets such a source be delivered once more from where a run began, when it is opened next. Only
   * who has claimed it may do this, while it is not open.
   *
   * @param abandon whether batches in doubt are left as they are
   * @return the position that it begins at
   * @throws RunFailedException if it cannot; nothing is changed then
   */
  public long again(RecordSource source, String run, boolean abandon) {
    try {
      return new StreamAgain(flow, papers).from(source, run, abandon);
    } catch (LedgerException e) {
      throw Held.byLedger(e);
    }
  }

  /**
   * What became of a source that looks as it did when it was delivered, so that it need not be
   * fetched; empty if it is to be delivered.
   *
   * @param location what a person finds it by
   * @param looks its time of change tells its versions apart
   * @throws RunFailedException if its run failed, and a person has to see to it
   */
  public Optional<RunResult> known(String sourceId, String location, Stamp looks) {
    try {
      return knownInLedger(sourceId, location, looks);
    } catch (LedgerException e) {
      throw Held.byLedger(e);
    }
  }

  private Optional<RunResult> knownInLedger(String sourceId, String location, Stamp looks) {
    Optional<Unit> unit =
        papers
            .ledger()
            .latestUnit(flow.name(), sourceId, flow.table())
            .filter(each -> each.stamp().modifiedNanos() == looks.modifiedNanos());
    Optional<Run> run = unit.flatMap(each -> papers.ledger().lastRun(each.id()));
    if (run.isEmpty()) {
      return Optional.empty();
    }
    if (run.get().state() == RunState.FAILED || run.get().state() == RunState.CANCELLED) {
      papers.listener().stillFailed(run.get(), unit.get(), location);
      throw new RunFailedException(run.get().reason(), run.get().remedy(), true);
    }
    if (!run.get().state().isComplete()) {
      return Optional.empty();
    }
    papers.listener().unchanged(run.get(), unit.get(), location);
    return Optional.of(new RunResult(run.get().id(), true, run.get().state(), 0, 0));
  }

  private RunResult deliverAlone(
      BatchSource source, Format format, SameContent sameContent, Demand demand, String trigger) {
    refuseOtherTargetsInDoubt(source);
    Tally tally = new Tally();
    Demand wanted = demand;
    for (; ; ) {
      Stamp stamp;
      Start start;
      try {
        stamp = source.stamp();
        start = starts.decide(new Offer(source, format, stamp, sameContent, wanted, trigger));
      } catch (IOException e) {
        throw Held.unreadable(source, e);
      }
      if (start instanceof Start.Unchanged unchanged) {
        return unchanged(unchanged, source, tally);
      }
      if (start instanceof Start.Fail fail) {
        throw failed(fail, source, stamp);
      }
      RunSession session =
          new RunSession(
              (Start.Go) start,
              source,
              flow,
              papers,
              new Window(flow.inFlight(), senders),
              pool,
              tally);
      if (session.deliver(stamp)) {
        return session.end(stamp);
      }
      // it was written to meanwhile: look again, the run goes on
      wanted = demand == Demand.RELOAD ? Demand.RELOAD : Demand.OFFERED;
    }
  }

  /** Batches in doubt belong to the table that they were planned for. */
  private void refuseOtherTargetsInDoubt(RecordSource source) {
    for (Unit unit : papers.ledger().unitsInDoubt(flow.name(), source.id())) {
      if (!unit.target().equals(flow.table())) {
        throw new HeldDeliveryException(
            new Failure(
                Verdict.HOLD,
                0,
                "TARGET_CHANGED",
                "batches of %s for table %s are in doubt, and the flow goes to %s now"
                    .formatted(source.location(), unit.target(), flow.table()),
                "set the flow's table to " + unit.target() + " again until they are settled"));
      }
    }
  }

  private RunResult unchanged(Start.Unchanged start, BatchSource source, Tally tally) {
    if (tally.isEmpty()) {
      papers.listener().unchanged(start.run(), start.unit(), source.location());
    }
    return new RunResult(
        start.run().id(), tally.isEmpty(), start.run().state(), tally.rows(), tally.deadRows());
  }

  private RunFailedException failed(Start.Fail fail, BatchSource source, Stamp stamp) {
    if (fail.repeated()) {
      papers.listener().stillFailed(fail.run(), fail.unit(), source.location());
    } else {
      papers.end(fail.run(), RunState.FAILED, fail.reason(), fail.remedy(), stamp);
    }
    return new RunFailedException(fail.reason(), fail.remedy(), fail.repeated());
  }
}
