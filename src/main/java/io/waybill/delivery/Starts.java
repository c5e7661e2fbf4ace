package io.waybill.delivery;

import io.waybill.batch.Position;
import io.waybill.batch.RecordSource;
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

  RunIds ids() {
    return ids;
  }

  Start decide(Offer offer) throws IOException {
    Optional<Unit> unit = ledger.latestUnit(flow.name(), offer.source().id(), flow.table());
    Optional<Run> last = unit.flatMap(each -> ledger.lastRun(each.id()));
    if (last.isEmpty()) {
      return unseen(offer);
    }
    Known known = new Known(offer, unit.get(), last.get());
    if (offer.demand() == Demand.AGAIN || offer.demand() == Demand.AGAIN_ABANDONING) {
      return again(known);
    }
    boolean asItWas = known.unit.stamp().equals(offer.stamp());
    if (asItWas && known.run.state().isComplete()) {
      return new Start.Unchanged(known.unit, known.run);
    }
    if (asItWas && isGivenUp(known.run) && isOffered(offer)) {
      return new Start.Fail(known.unit, known.run, known.run.reason(), known.run.remedy(), true);
    }
    List<LedgerBatch> batches = ledger.batches(known.unit.id());
    if (known.unit.format() != offer.format()) {
      return formatChanged(known, batches);
    }
    if (batches.isEmpty()) {
      return goOn(known, batches, 0);
    }
    return asItWas && !BatchTotals.anyPlanned(batches)
        ? goOn(known, batches, BatchTotals.end(batches).to())
        : compared(known, batches);
  }

  private static boolean isGivenUp(Run run) {
    return run.state() == RunState.FAILED || run.state() == RunState.CANCELLED;
  }

  private static boolean isOffered(Offer offer) {
    return offer.demand() == Demand.OFFERED || offer.demand() == Demand.RELOAD;
  }

  /** All of it once more; what is in doubt has to be settled first, for it may still arrive. */
  private Start again(Known known) {
    if (known.offer.demand() == Demand.AGAIN
        && BatchTotals.anyPlanned(ledger.batches(known.unit.id()))) {
      throw new RunFailedException(
          "batches of run " + known.run.id() + " are in doubt",
          "./waybill rerun %s first, without --again; or add --abandon, and what of them arrived stays beside all of it"
              .formatted(known.run.id()),
          true);
    }
    if (!known.run.state().isComplete()) {
      ledger.endRun(
          known.run.id(),
          RunState.CANCELLED,
          "its source is delivered again from the beginning",
          "",
          known.unit.stamp(),
          clock.instant());
    }
    return fresh(known.offer, "all of it again, after run " + known.run.id());
  }

  /** A source that was never offered: perhaps to a flow of another name, perhaps a copy. */
  private Start unseen(Offer offer) throws IOException {
    refuseRenamed(offer.source());
    Optional<Start.Unchanged> twin =
        offer.sameContent() == SameContent.IGNORE ? Optional.empty() : twin(offer);
    if (twin.isEmpty()) {
      return fresh(offer, "");
    }
    String note = "same content as run " + twin.get().run().id();
    return switch (offer.sameContent()) {
      case SKIP -> twin.get();
      case HOLD ->
          throw new HeldDeliveryException(
              new Failure(
                  Verdict.HOLD,
                  0,
                  "SAME_CONTENT",
                  offer.source().location() + " has the " + note,
                  "take it away, or set sameContent=note to deliver it as another unit"));
      case NOTE, IGNORE -> fresh(offer, note);
    };
  }

  /** What another flow of the same target, that is gone, delivered may be what this one would. */
  void refuseRenamed(RecordSource source) {
    for (String other : ledger.otherFlowsOf(flow.name(), source.id(), flow.table())) {
      if (!flow.exists().test(other)) {
        throw new HeldDeliveryException(
            new Failure(
                Verdict.HOLD,
                0,
                "FLOW_RENAMED",
                "%s was delivered to %s by the flow %s, which is not there any more"
                    .formatted(source.location(), flow.table(), other),
                "add formerly=%s to the waybill: URI if this flow is that one under a new name"
                    .formatted(other)));
      }
    }
  }

  /** A delivered unit of the flow with the same bytes: first by size, then by its digests. */
  private Optional<Start.Unchanged> twin(Offer offer) throws IOException {
    for (Unit unit :
        ledger.unitsOfSize(flow.name(), flow.table(), offer.source().id(), offer.stamp().size())) {
      Optional<Run> run = ledger.lastRun(unit.id()).filter(each -> each.state().isComplete());
      List<LedgerBatch> batches = ledger.batches(unit.id());
      if (run.isPresent() && unit.format() == offer.format() && !batches.isEmpty()) {
        SourceCheck.Finding finding =
            SourceCheck.compare(offer.source(), offer.format(), flow.limits(), pool, batches);
        if (finding instanceof SourceCheck.Finding.Same same && !same.more()) {
          return Optional.of(new Start.Unchanged(unit, run.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** What the ledger knows of the source beside what was offered. */
  private record Known(Offer offer, Unit unit, Run run) {}

  private Start compared(Known known, List<LedgerBatch> batches) throws IOException {
    SourceCheck.Finding finding =
        SourceCheck.compare(
            known.offer.source(), known.offer.format(), flow.limits(), pool, batches);
    if (finding instanceof SourceCheck.Finding.Same same) {
      if (!same.more() && known.run.state().isComplete()) {
        ledger.restamp(known.unit.id(), known.offer.stamp());
        return new Start.Unchanged(known.unit, known.run);
      }
      if (isReload(known) && known.run.state().isComplete()) {
        return replaced(known, ""); // a tail would be all that is left of the table
      }
      return goOn(known, batches, same.resumeAt());
    }
    if (isReload(known)) {
      // what was loaded of the source as it was is in a table that nobody reads
      return replaced(known, "its source was overwritten while it was loaded");
    }
    if (finding instanceof SourceCheck.Finding.Continued continued) {
      return fail(
          known,
          "the last record of %s was delivered as the file ended, at byte %d, and goes on there now"
              .formatted(known.offer.source().location(), continued.at()),
          RESTORE + "; let writers finish a record with a line end before the file is read");
    }
    if (BatchTotals.anyPlanned(batches)) {
      long from = ((SourceCheck.Finding.Differs) finding).from();
      return fail(
          known,
          "source changed: from byte %d on %s does not hold what was planned, and a batch is in doubt"
              .formatted(from, known.offer.source().location()),
          RESTORE);
    }
    return replaced(known, "its source was overwritten and is delivered as a new unit");
  }

  private static boolean isReload(Known known) {
    return known.offer.demand() == Demand.RELOAD;
  }

  private Start formatChanged(Known known, List<LedgerBatch> batches) {
    if (batches.isEmpty()) {
      return replaced(known, "the flow's format changed before anything was delivered");
    }
    return fail(
        known,
        "%s was delivered as %s up to byte %d, and the flow says %s now"
            .formatted(
                known.offer.source().location(),
                known.unit.format().clickHouseName(),
                BatchTotals.end(batches).to(),
                known.offer.format().clickHouseName()),
        "set format=" + known.unit.format().clickHouseName() + " again");
  }

  private Start fail(Known known, String reason, String remedy) {
    Run run = known.run;
    if (run.state().isComplete()) {
      run = begin(known.unit, known.offer);
    }
    return new Start.Fail(known.unit, run, reason, remedy, false);
  }

  private Start fresh(Offer offer, String note) {
    Unit unit =
        ledger.newUnit(
            flow.name(), offer.source().id(), flow.table(), offer.format(), offer.stamp());
    Run run = begin(unit, offer);
    return new Start.Go(unit, run, List.of(), 0, 1, 1, false, 0, 0, note);
  }

  private Start replaced(Known known, String reason) {
    if (!known.run.state().isComplete()) {
      ledger.endRun(
          known.run.id(), RunState.CANCELLED, reason, "", known.unit.stamp(), clock.instant());
    }
    return fresh(known.offer, "");
  }

  private Start goOn(Known known, List<LedgerBatch> batches, long resumeAt) {
    boolean resumed = !known.run.state().isComplete();
    Run run = known.run;
    if (resumed) {
      ledger.resumeRun(run.id(), known.offer.stamp(), clock.instant());
    } else {
      run = begin(known.unit, known.offer);
    }
    Position end = batches.isEmpty() ? new Position(0, 0, 1, 0) : BatchTotals.end(batches);
    String id = run.id();
    List<LedgerBatch> ofRun =
        batches.stream().filter(batch -> batch.plan().run().equals(id)).toList();
    return new Start.Go(
        known.unit,
        run,
        batches.stream().filter(batch -> batch.state() == BatchState.PLANNED).toList(),
        resumeAt,
        end.firstRecord() + end.records(),
        BatchTotals.lastSequence(ofRun) + 1,
        resumed,
        BatchTotals.records(ofRun),
        BatchTotals.deadRows(ofRun),
        "");
  }

  private Run begin(Unit unit, Offer offer) {
    return ledger.beginRun(
        ids.next(),
        unit,
        offer.source().location(),
        offer.stamp(),
        clock.instant(),
        offer.trigger());
  }
}
