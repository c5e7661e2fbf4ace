package io.waybill.delivery;

import io.waybill.batch.Batch;
import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.batch.RecordSource;
import io.waybill.batch.SegmentPool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The runs of a stream, one after the other: each begins with a batch, and ends when nothing came
 * for a while or after an hour. Not thread-safe: the stream's lock guards it.
 */
final class StreamRuns {
  private static final Duration RUN = Duration.ofHours(1);
  private static final Duration REST = Duration.ofSeconds(10);
  private final FlowSpec flow;
  private final Papers papers;
  private final SegmentPool pool;
  private final RunIds ids;
  private final RecordSource source;
  private final Optional<Run> unfinished;
  private Optional<Unit> unit;
  private Running running;
  private Instant lastSent = Instant.EPOCH;

  /** A run with what plans and sends its batches. */
  record Running(Run run, Planner planner, Sender sender) {}

  /**
   * None yet, or one that was interrupted.
   *
   * @throws RunFailedException if the last run failed and nobody asked for it to go on
   */
  StreamRuns(
      FlowSpec flow,
      Papers papers,
      SegmentPool pool,
      RunIds ids,
      RecordSource source,
      Optional<Unit> unit) {
    this.flow = flow;
    this.papers = papers;
    this.pool = pool;
    this.ids = ids;
    this.source = source;
    this.unit = unit;
    Optional<Run> run = unit.flatMap(each -> papers.ledger().lastRun(each.id()));
    refuseFailed(run);
    this.unfinished = run.filter(each -> !isOver(each.state()));
  }

  private static void refuseFailed(Optional<Run> last) {
    if (last.isPresent() && last.get().state() == RunState.FAILED) {
      throw new RunFailedException(last.get().reason(), last.get().remedy(), true);
    }
  }

  private static boolean isOver(RunState state) {
    return state.isComplete() || state == RunState.CANCELLED;
  }

  /** Whether one was interrupted before this stream. */
  boolean hasUnfinished() {
    return unfinished.isPresent();
  }

  /** The run that is going on, or one that begins, or the unfinished one again. */
  Running begin(Stamp stamp) {
    if (running == null) {
      Instant now = papers.clock().instant();
      Unit of = unit.orElseGet(() -> newUnit(stamp));
      unit = Optional.of(of);
      boolean resumed =
          unfinished.isPresent() && papers.ledger().lastRun(of.id()).equals(unfinished);
      Run run =
          resumed
              ? unfinished.get()
              : papers.ledger().beginRun(ids.next(), of, source.location(), stamp, now);
      if (resumed) {
        papers.ledger().resumeRun(run.id(), stamp, now);
      }
      Planner planner = planner(of, run, resumed);
      running = new Running(run, planner, planner.sender(source, pool, new Tally()));
      lastSent = now;
      papers.listener().begun(run, of, source.location(), resumed);
    }
    return running;
  }

  private Unit newUnit(Stamp stamp) {
    return papers
        .ledger()
        .newUnit(flow.name(), source.id(), flow.table(), Format.JSON_EACH_ROW, stamp);
  }

  private Planner planner(Unit of, Run run, boolean resumed) {
    List<LedgerBatch> before = resumed ? papers.ledger().batchesOf(run.id()) : List.of();
    return new Planner(
        flow,
        papers,
        run,
        of,
        BatchTotals.lastSequence(before) + 1,
        BatchTotals.records(before),
        BatchTotals.deadRows(before));
  }

  Attempts plan(Running with, Batch batch, Instant oldest) {
    boolean seenBefore = papers.ledger().adoptedAt().filter(oldest::isBefore).isPresent();
    BatchPlan plan = with.planner.plan(batch);
    papers.listener().fetched(plan, oldest);
    return Attempts.ofFresh(papers.ledger(), plan, seenBefore);
  }

  /**
   * A batch in doubt once more.
   *
   * @param whole all records of its range; null if they are gone
   * @throws RunFailedException if they are not what was planned
   */
  Batch again(BatchPlan plan, Batch whole) {
    try {
      Batch numbered = whole == null ? null : whole.from(plan.position().firstRecord());
      return Planner.planned(numbered, plan, pool)
          .orElseThrow(
              () ->
                  new RunFailedException(
                      "source changed: %s does not hold what was planned of %d to %d, and the batch is in doubt"
                          .formatted(
                              source.location(), plan.position().from(), plan.position().to()),
                      "make flow and topic what they were and ./waybill rerun " + plan.run()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As it was planned, or anew if the ledger says that this is sound. */
  Attempts planAgain(Running with, LedgerBatch batch, Batch again) {
    LedgerBatch current = with.planner.current(batch, again);
    papers.listener().fetched(current.plan(), current.plan().plannedAt());
    return Attempts.ofPlanned(papers.ledger(), current);
  }

  /** Notes that a batch came back just now. */
  void sent() {
    lastSent = papers.clock().instant();
  }

  /** Whether a run goes on that is long enough. */
  boolean isLong() {
    return running != null && olderThan(running.run.startedAt(), RUN);
  }

  /** Whether a run goes on that nothing came of for a while. */
  boolean isResting() {
    return running != null && olderThan(lastSent, REST);
  }

  private boolean olderThan(Instant since, Duration age) {
    return Duration.between(since, papers.clock().instant()).compareTo(age) >= 0;
  }

  /** Ends the run that goes on: all of it is settled. */
  void end(Stamp stamp) {
    Running ended = running;
    running = null;
    var unused = ended.sender.end(stamp, "");
  }

  /**
   * Ends the run that goes on, if one does, since its stream was closed.
   *
   * @param settled whether nothing of it is in doubt
   */
  void endBy(RuntimeException failure, boolean settled, Stamp stamp) {
    if (running == null) {
      return;
    }
    Run ended = running.run;
    if (failure instanceof HeldDeliveryException held) {
      running = null;
      if (!(held.getCause() instanceof LedgerException)) {
        papers.end(ended, RunState.HELD, held.failure().summary(), held.failure().remedy(), stamp);
      }
    } else if (failure instanceof RunFailedException fatal) {
      running = null;
      papers.end(ended, RunState.FAILED, fatal.getMessage(), fatal.remedy(), stamp);
    } else if (settled) {
      end(stamp);
    } else {
      running = null;
      papers.end(
          ended,
          RunState.HELD,
          "its source was given away or Waybill was stopped",
          "it goes on with whoever gets the source",
          stamp);
    }
  }
}
