package io.waybill.web.view;

import io.waybill.ledger.RunRow;
import java.util.List;

/** A run. */
public record RunView(
    @About("its id") String run,
    @About("its flow") String flow,
    @About("what identifies the source within the flow") String source,
    @About("0 for the first content under that source, one more for each replacement")
        int generation,
    @About("where a person finds the source") String location,
    @About("target") String table,
    @About("format that the source is cut by") String format,
    @About("running, completed, completed_with_dead_letters, failed, held or cancelled")
        String state,
    @About("why it is held, failed or cancelled; else empty") String reason,
    @About("what a person can do; may be empty") String remedy,
    @About(value = "when it began", time = true) String startedAt,
    @About(value = "when it ended", maybe = true, time = true) String endedAt,
    @About(value = "when its first batch was planned", maybe = true, time = true)
        String firstPlannedAt,
    @About(value = "when its last settled batch was settled", maybe = true, time = true)
        String lastSettledAt,
    @About("from the first plan to the last settlement") long movedMillis,
    @About("rows that arrived") long rows,
    @About("their bytes, as they were sent") long bytes,
    @About("batches that arrived") long batches,
    @About("planned batches, of which nobody knows yet") long inDoubtBatches,
    @About("rows that became dead letters") long deadRows,
    @About("batches that became dead letters") long deadBatches,
    @About("how often its batches were sent, together") long attempts,
    @About("trigger that started it; empty if its source simply brought something")
        String trigger) {

  public static RunView of(RunRow run) {
    return new RunView(
        run.id(),
        run.flow(),
        run.source(),
        run.generation(),
        run.location(),
        run.target().toString(),
        run.format().clickHouseName(),
        run.state().label(),
        run.reason(),
        run.remedy(),
        Times.of(run.started()),
        Times.of(run.ended()),
        Times.of(run.firstPlanned()),
        Times.of(run.lastSettled()),
        run.movedFor().toMillis(),
        run.rows(),
        run.bytes(),
        run.batches(),
        run.inDoubtBatches(),
        run.deadRows(),
        run.deadBatches(),
        run.attempts(),
        run.trigger());
  }

  /** Some runs. */
  public record Listing(
      @About("the newest first") List<RunView> runs,
      @About(value = "give it as cursor for those before; null at the end", maybe = true)
          String next) {
    public Listing {
      runs = List.copyOf(runs);
    }
  }

  /** A run with what it did. */
  public record Details(
      @About("the run") RunView run,
      @About("its batches in their order, at most 2000") List<BatchView> batches,
      @About("how many batches it has") long batchCount,
      @About("its dead letters, at most 200") List<LetterView> deadLetters) {
    public Details {
      batches = List.copyOf(batches);
      deadLetters = List.copyOf(deadLetters);
    }
  }
}
