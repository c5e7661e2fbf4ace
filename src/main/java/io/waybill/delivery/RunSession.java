package io.waybill.delivery;

import io.waybill.batch.Batch;
import io.waybill.batch.BatchSource;
import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Cutter;
import io.waybill.batch.SegmentPool;
import io.waybill.batch.SourceFormatException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** One pass over a source: batches in doubt first, then on from where it was left. Used once. */
final class RunSession {
  private final Start.Go start;
  private final BatchSource source;
  private final FlowSpec flow;
  private final Papers papers;
  private final Window window;
  private final SegmentPool pool;
  private final Planner planner;
  private final Sender sender;
  private Instant changed = Instant.EPOCH;
  private boolean seenBefore;

  RunSession(
      Start.Go start,
      BatchSource source,
      FlowSpec flow,
      Papers papers,
      Window window,
      SegmentPool pool,
      Tally tally) {
    this.start = start;
    this.source = source;
    this.flow = flow;
    this.papers = papers;
    this.window = window;
    this.pool = pool;
    this.planner =
        new Planner(
            flow,
            papers,
            start.run(),
            start.unit(),
            start.nextSequence(),
            start.records(),
            start.deadRows());
    this.sender = planner.sender(source, pool, tally);
  }

  /**
   * Delivers the source as this stamp describes it.
   *
   * @return whether it still looked so at the end
   */
  boolean deliver(Stamp stamp) {
    changed = Instant.ofEpochSecond(0, stamp.modifiedNanos());
    seenBefore = papers.ledger().adoptedAt().filter(changed::isBefore).isPresent();
    papers.listener().begun(start.run(), start.unit(), source.location(), start.resumed());
    try {
      return delivered(stamp);
    } catch (HeldDeliveryException e) {
      throw held(e, stamp);
    } catch (RunFailedException e) {
      throw failed(e, stamp);
    } catch (RunCancelledException e) {
      papers.end(start.run(), RunState.CANCELLED, e.getMessage(), e.remedy(start.run()), stamp);
      papers.cancellations().done(start.run().id());
      throw new RunFailedException(e.getMessage(), e.remedy(start.run()));
    } catch (DeliveryStoppedException e) {
      papers.end(
          start.run(),
          RunState.HELD,
          "Waybill was stopped",
          "it goes on when Waybill runs again",
          stamp);
      throw e;
    } catch (SourceFormatException e) {
      String remedy = "mend the file; what was settled of it stays settled";
      papers.end(start.run(), RunState.FAILED, e.getMessage(), remedy, stamp);
      throw new RunFailedException(e.getMessage(), remedy);
    } catch (IOException e) {
      throw held(Held.unreadable(source, e), stamp);
    } catch (LedgerException e) {
      throw e;
    } catch (RuntimeException e) {
      throw held(Held.internal(e), stamp);
    }
  }

  private boolean delivered(Stamp stamp) throws IOException {
    try (Cutter cutter = Cutter.open(source, start.unit().format(), flow.limits(), pool)) {
      resend(cutter);
      if (start.offset() > 0) {
        cutter.skipTo(start.offset(), start.nextRecord());
      }
      cutOn(cutter, stamp);
      window.drain();
      return source.stamp().equals(stamp);
    } finally {
      window.settle();
    }
  }

  RunResult end(Stamp stamp) {
    try {
      papers.target().complete(start.unit(), start.run());
    } catch (HeldDeliveryException e) {
      throw held(e, stamp);
    } catch (RunFailedException e) {
      throw failed(e, stamp);
    }
    RunResult result = sender.end(stamp, start.note());
    papers.target().ended(start.unit(), start.run());
    return result;
  }

  private RunFailedException failed(RunFailedException e, Stamp stamp) {
    papers.end(start.run(), RunState.FAILED, e.getMessage(), e.remedy(), stamp);
    return e;
  }

  private HeldDeliveryException held(HeldDeliveryException e, Stamp stamp) {
    papers.end(start.run(), RunState.HELD, e.failure().summary(), e.failure().remedy(), stamp);
    return e;
  }

  private void resend(Cutter cutter) throws IOException {
    for (LedgerBatch batch : start.inDoubt()) {
      Place place = enter(batch.plan().bytes());
      try {
        Batch again = again(cutter, batch.plan());
        LedgerBatch current = planner.current(batch, again);
        papers.listener().fetched(current.plan(), changed);
        place.send(sender, again, Attempts.ofPlanned(papers.ledger(), current));
      } finally {
        place.leaveUnlessSent();
      }
    }
  }

  /** The bytes of a planned batch again. */
  private Batch again(Cutter cutter, BatchPlan plan) throws IOException {
    Batch whole = cutter.read(plan.position());
    return Planner.planned(whole, plan, pool)
        .orElseThrow(
            () ->
                new SourceFormatException(
                    "source changed while it was read: " + source.location()));
  }

  private void cutOn(Cutter cutter, Stamp stamp) throws IOException {
    boolean quiet = age(stamp).compareTo(flow.quiet()) >= 0;
    cutUntilEnd(cutter, quiet);
    if (!quiet && cutter.leftover() > 0 && staysQuiet(stamp)) {
      cutUntilEnd(cutter, true);
    }
  }

  private void cutUntilEnd(Cutter cutter, boolean unterminated) throws IOException {
    boolean more = true;
    while (more) {
      if (papers.stopping().getAsBoolean()) {
        throw new DeliveryStoppedException(null);
      }
      refuseIfCancelled();
      Place place = enter(flow.limits().bytes());
      try {
        more = cutNext(cutter, unterminated, place);
      } finally {
        place.leaveUnlessSent();
      }
    }
  }

  private void refuseIfCancelled() {
    papers
        .cancellations()
        .of(start.run().id())
        .ifPresent(
            reason -> {
              throw new RunCancelledException(reason);
            });
  }

  private boolean cutNext(Cutter cutter, boolean unterminated, Place place) throws IOException {
    Batch batch = cutter.next(unterminated);
    if (batch == null) {
      return false;
    }
    BatchPlan plan;
    try {
      plan = planner.plan(batch);
    } catch (RuntimeException e) {
      batch.payload().release();
      throw e;
    }
    papers.listener().fetched(plan, changed);
    papers.listener().read(start.run(), cutter.fractionRead());
    place.send(sender, batch, Attempts.ofFresh(papers.ledger(), plan, seenBefore));
    return true;
  }

  private Place enter(long bytes) {
    return Place.enter(window, papers.memory(), bytes);
  }

  private Duration age(Stamp stamp) {
    Instant modified = Instant.ofEpochSecond(0, stamp.modifiedNanos());
    return Duration.between(modified, papers.clock().instant());
  }

  /** Waits until the source has been left alone long enough; false if it has not been. */
  private boolean staysQuiet(Stamp stamp) throws IOException {
    Duration age = age(stamp);
    // a time of change in the future says nothing: then the whole time is waited
    Duration wait = age.isNegative() ? flow.quiet() : flow.quiet().minus(age);
    try {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, wait.toNanos()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeliveryStoppedException(e);
    }
    return source.stamp().equals(stamp);
  }
}
