package io.waybill.web.view;

import io.waybill.ledger.TriggerRow;
import java.util.List;
import java.util.Map;

/** An occasion on which a flow was started. */
public record TriggerView(
    @About("its id") String trigger,
    @About("its flow") String flow,
    @About("schedule, manual, upstream or backfill") String kind,
    @About(
            "queued, running, completed, completed_with_dead_letters, failed, held, skipped,"
                + " missed, cancelled or timed_out")
        String state,
    @About("why; may be empty") String reason,
    @About(value = "the time that it is for", time = true) String dueAt,
    @About("what the flow was given, by name") Map<String, String> parameters,
    @About("who, or what, started it") String by,
    @About(value = "when it was written down", time = true) String createdAt,
    @About(value = "when it began", maybe = true, time = true) String startedAt,
    @About(value = "when it ended", maybe = true, time = true) String endedAt,
    @About("backfill that it is a part of; empty for most") String parent,
    @About("how often it was begun") int attempts) {
  public TriggerView {
    parameters = Map.copyOf(parameters);
  }

  public static TriggerView of(TriggerRow trigger) {
    return new TriggerView(
        trigger.id(),
        trigger.flow(),
        trigger.kind().label(),
        trigger.state().label(),
        trigger.reason(),
        Times.of(trigger.due()),
        trigger.parameters(),
        trigger.by(),
        Times.of(trigger.created()),
        Times.of(trigger.started()),
        Times.of(trigger.ended()),
        trigger.parent(),
        trigger.attempts());
  }

  /** Some triggers. */
  public record Listing(@About("the newest first") List<TriggerView> triggers) {
    public Listing {
      triggers = List.copyOf(triggers);
    }
  }

  /** A trigger with what came of it. */
  public record Details(
      @About("the trigger") TriggerView trigger,
      @About("its runs, the oldest first") List<RunView> runs,
      @About("the parts of a backfill, at most 1000") List<TriggerView> parts) {
    public Details {
      runs = List.copyOf(runs);
      parts = List.copyOf(parts);
    }
  }
}
