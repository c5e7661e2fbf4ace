package io.waybill.delivery;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.batch.RecordSource;
import java.util.List;

/**
 * Lets a source that goes on and on be delivered once more from where a run began: as a new
 * generation, whose tokens are others. Nothing of the source may be on its way meanwhile.
 */
final class StreamAgain {
  private final FlowSpec flow;
  private final Papers papers;

  StreamAgain(FlowSpec flow, Papers papers) {
    this.flow = flow;
    this.papers = papers;
  }

  /**
   * Begins the generation.
   *
   * @param abandon whether batches in doubt are left as they are
   * @return the position that it begins at
   * @throws RunFailedException if it cannot; nothing is changed then
   */
  long from(RecordSource source, String run, boolean abandon) {
    Ledger ledger = papers.ledger();
    List<LedgerBatch> batches = ledger.batchesOf(run);
    Unit unit =
        ledger
            .latestUnit(flow.name(), source.id(), flow.table())
            .filter(each -> batches.stream().anyMatch(of -> of.plan().unit() == each.id()))
            .orElseThrow(() -> unknown(source, run));
    if (!abandon && !ledger.planned(unit.id()).isEmpty()) {
      throw new RunFailedException(
          "batches of %s are in doubt".formatted(source.location()),
          "let the flow settle them first; or add --abandon, and what of them arrived stays beside all of it");
    }
    ledger.lastRun(unit.id()).filter(each -> !each.state().isComplete()).ifPresent(this::cancel);
    long from =
        batches.stream().mapToLong(each -> each.plan().position().from()).min().orElseThrow();
    var unused =
        ledger.newUnit(
            flow.name(), source.id(), flow.table(), Format.JSON_EACH_ROW, new Stamp(from, 0));
    return from;
  }

  private void cancel(Run run) {
    papers
        .ledger()
        .endRun(
            run.id(),
            RunState.CANCELLED,
            "its source is delivered once more",
            "",
            new Stamp(0, 0),
            papers.clock().instant());
  }

  private static RunFailedException unknown(RecordSource source, String run) {
    return new RunFailedException(
        "run %s has no batches in the ledger of what %s brought last"
            .formatted(run, source.location()),
        "./waybill runs lists later ones");
  }
}
