package io.waybill.delivery;

import io.waybill.batch.BatchSource;
import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.batch.Position;
import io.waybill.batch.SegmentPool;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Decides what is to be done about a source that was offered, from what the ledger knows of it and
 * what it holds now, and notes the decision in the ledger.
 */
final class Starts {
  private static final String RESTORE =
      "restore it as it was, or deliver the new content under another name";
  private final FlowSpec flow;
  private final Ledger ledger;
  private final SegmentPool pool;
  private final RunIds ids;
  private final Clock clock;

  Starts(FlowSpec flow, Ledger ledger, SegmentPool pool, Clock clock) {
    this.flow = flow;
    this.ledger = ledger;
    this.pool = pool;
    this.ids = new RunIds(clock);
    this.clock = clock;
  }

  Start decide(BatchSource source, Format format, Stamp stamp) throws IOException {
    Optional<Unit> known = ledger.latestUnit(flow.name(), source.id(), flow.table());
    Optional<Run> last = known.flatMap(unit -> ledger.lastRun(unit.id()));
    if (last.isEmpty()) {
      return fresh(source, format, stamp);
    }
    Offer offer = new Offer(source, format, stamp, known.get(), last.get());
    boolean asItWas = offer.unit.stamp().equals(stamp);
    if (asItWas && offer.run.state().isComplete()) {
      return new Start.Unchanged(offer.unit, offer.run);
    }
    if (asItWas && offer.run.state() == RunState.FAILED) {
      return new Start.Fail(offer.unit, offer.run, offer.run.reason(), offer.run.remedy(), true);
    }
    List<LedgerBatch> batches = ledger.batches(offer.unit.id());
    if (offer.unit.format() != format) {
      return formatChanged(offer, batches);
    }
    if (batches.isEmpty()) {
      return goOn(offer, batches, 0);
    }
    return asItWas && !anyPlanned(batches)
        ? goOn(offer, batches, end(batches).to())
        : compared(offer, batches);
  }

  /** What the ledger knows of the source beside what was offered. */
  private record Offer(BatchSource source, Format format, Stamp stamp, Unit unit, Run run) {}

  private Start compared(Offer offer, List<LedgerBatch> batches) throws IOException {
    SourceCheck.Finding finding =
        SourceCheck.compare(offer.source, offer.format, flow.limits(), pool, batches);
    if (finding instanceof SourceCheck.Finding.Same same) {
      if (!same.more() && offer.run.state().isComplete()) {
        ledger.restamp(offer.unit.id(), offer.stamp);
        return new Start.Unchanged(offer.unit, offer.run);
      }
      return goOn(offer, batches, same.resumeAt());
    }
    if (finding instanceof SourceCheck.Finding.Continued continued) {
      return fail(
          offer,
          "the last record of %s was delivered as the file ended, at byte %d, and goes on there now"
              .formatted(offer.source.location(), continued.at()),
          RESTORE + "; let writers finish a record with a line end before the file is read");
    }
    if (anyPlanned(batches)) {
      long from = ((SourceCheck.Finding.Differs) finding).from();
      return fail(
          offer,
          "source changed: from byte %d on %s does not hold what was planned, and a batch is in doubt"
              .formatted(from, offer.source.location()),
          RESTORE);
    }
    return replaced(offer, "its source was overwritten and is delivered as a new unit");
  }

  private Start formatChanged(Offer offer, List<LedgerBatch> batches) {
    if (batches.isEmpty()) {
      return replaced(offer, "the flow's format changed before anything was delivered");
    }
    return fail(
        offer,
        "%s was delivered as %s up to byte %d, and the flow says %s now"
            .formatted(
                offer.source.location(),
                offer.unit.format().clickHouseName(),
                end(batches).to(),
                offer.format.clickHouseName()),
        "set format=" + offer.unit.format().clickHouseName() + " again");
  }

  private Start fail(Offer offer, String reason, String remedy) {
    Run run = offer.run;
    if (run.state().isComplete()) {
      run = begin(offer.unit, offer.source, offer.stamp);
    }
    return new Start.Fail(offer.unit, run, reason, remedy, false);
  }

  private Start fresh(BatchSource source, Format format, Stamp stamp) {
    Unit unit = ledger.newUnit(flow.name(), source.id(), flow.table(), format, stamp);
    return new Start.Go(unit, begin(unit, source, stamp), List.of(), 0, 1, 1, false, false);
  }

  private Start replaced(Offer offer, String reason) {
    if (!offer.run.state().isComplete()) {
      ledger.endRun(
          offer.run.id(), RunState.CANCELLED, reason, "", offer.unit.stamp(), clock.instant());
    }
    return fresh(offer.source, offer.format, offer.stamp);
  }

  private Start goOn(Offer offer, List<LedgerBatch> batches, long resumeAt) {
    boolean resumed = !offer.run.state().isComplete();
    Run run = offer.run;
    if (resumed) {
      ledger.resumeRun(run.id(), offer.stamp, clock.instant());
    } else {
      run = begin(offer.unit, offer.source, offer.stamp);
    }
    Position end = batches.isEmpty() ? new Position(0, 0, 1, 0) : end(batches);
    return new Start.Go(
        offer.unit,
        run,
        batches.stream().filter(batch -> batch.state() == BatchState.PLANNED).toList(),
        resumeAt,
        end.firstRecord() + end.records(),
        lastSequence(batches, run) + 1,
        resumed,
        anyDead(batches, run));
  }

  private Run begin(Unit unit, BatchSource source, Stamp stamp) {
    return ledger.beginRun(ids.next(), unit, source.location(), stamp, clock.instant());
  }

  private static long lastSequence(List<LedgerBatch> batches, Run run) {
    return batches.stream()
        .filter(batch -> batch.plan().run().equals(run.id()))
        .mapToLong(batch -> batch.plan().sequence())
        .max()
        .orElse(0);
  }

  private static boolean anyDead(List<LedgerBatch> batches, Run run) {
    return batches.stream()
        .anyMatch(batch -> batch.state() == BatchState.DEAD && batch.plan().run().equals(run.id()));
  }

  private static boolean anyPlanned(List<LedgerBatch> batches) {
    return batches.stream().anyMatch(batch -> batch.state() == BatchState.PLANNED);
  }

  private static Position end(List<LedgerBatch> batches) {
    return batches.get(batches.size() - 1).plan().position();
  }
}
