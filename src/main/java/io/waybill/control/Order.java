package io.waybill.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a person orders of Waybill; JSON on its way to the process that serves the home. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "order")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Order.Rerun.class, name = "rerun"),
  @JsonSubTypes.Type(value = Order.Replay.class, name = "replay"),
  @JsonSubTypes.Type(value = Order.ReplayMended.class, name = "replay-mended"),
  @JsonSubTypes.Type(value = Order.Discard.class, name = "discard"),
  @JsonSubTypes.Type(value = Order.Reconcile.class, name = "reconcile"),
  @JsonSubTypes.Type(value = Order.Trigger.class, name = "trigger"),
  @JsonSubTypes.Type(value = Order.CancelTrigger.class, name = "cancel-trigger"),
  @JsonSubTypes.Type(value = Order.Backfill.class, name = "backfill"),
  @JsonSubTypes.Type(value = Order.CancelRun.class, name = "cancel-run"),
  @JsonSubTypes.Type(value = Order.MarkRun.class, name = "mark-run"),
  @JsonSubTypes.Type(value = Order.Pause.class, name = "pause"),
  @JsonSubTypes.Type(value = Order.Resume.class, name = "resume"),
  @JsonSubTypes.Type(value = Order.KillSwitch.class, name = "kill-switch"),
  @JsonSubTypes.Type(value = Order.Decide.class, name = "decide")
})
public sealed interface Order {

  /** What is ordered, in one word, as the JSON has it. */
  default String word() {
    return Arrays.stream(Order.class.getAnnotation(JsonSubTypes.class).value())
        .filter(type -> type.value() == getClass())
        .map(JsonSubTypes.Type::name)
        .findFirst()
        .orElseThrow();
  }

  /**
   * A run is to go on at its checkpoint.
   *
   * @param run run id, or the beginning of one
   * @param again whether all of its source is to be delivered once more, beside what arrived
   * @param abandon whether that may leave batches in doubt behind
   */
  record Rerun(String run, boolean again, boolean abandon) implements Order {}

  /** These dead letters are to be sent again as they are. */
  record Replay(List<String> letters) implements Order {}

  /**
   * These dead letters are to be settled by a file with mended records.
   *
   * @param file absolute path
   */
  record ReplayMended(String file, List<String> letters) implements Order {}

  /** These dead letters are not needed, for this reason. */
  record Discard(List<String> letters, String reason) implements Order {}

  /**
   * What the ledger says of a run is to be compared with the table.
   *
   * @param run run id, or the beginning of one
   * @param send whether what is missing is to be sent again
   */
  record Reconcile(String run, boolean send) implements Order {}

  /**
   * A flow is to be started now. The answer comes when the trigger is written down, and names it;
   * where no process serves, when it has ended.
   *
   * @param flow route id
   * @param parameters what the flow is given, by name: letters, digits and underscores
   * @param due the time that it is for, ISO 8601 in UTC; empty for now
   */
  record Trigger(String flow, Map<String, String> parameters, String due) implements Order {}

  /**
   * A trigger is to be taken back, or what runs of it to be stopped.
   *
   * @param trigger its id, or the beginning of it; of a backfill all its parts
   */
  record CancelTrigger(String trigger) implements Order {}

  /**
   * A flow is to be started once for each date of a range. The answer comes as that of {@link
   * Trigger}.
   *
   * @param from first date or time, ISO 8601; a date begins in UTC
   * @param to end of the range, not part of it
   * @param every step between the dates, as {@code 1d} or {@code 12h}
   * @param parallel how many run at the same time
   */
  record Backfill(
      String flow,
      String from,
      String to,
      String every,
      int parallel,
      Map<String, String> parameters)
      implements Order {}

  /** A run is to be stopped for good; what arrived stays. */
  record CancelRun(String run) implements Order {}

  /**
   * A run that nobody runs is to be taken for something else than it is.
   *
   * @param state {@code completed} or {@code failed}
   * @param note why
   */
  record MarkRun(String run, String state, String note) implements Order {}

  /** A flow is to rest until somebody says otherwise, also across restarts. */
  record Pause(String flow) implements Order {}

  /** A flow that rests is to go on. */
  record Resume(String flow) implements Order {}

  /**
   * Nothing is to be written any more by a flow or into an environment of the policy, or it may be
   * again.
   *
   * @param name of the environment or flow
   * @param reason why; may be empty
   */
  record KillSwitch(String name, boolean on, String reason) implements Order {
    public KillSwitch {
      reason = reason == null ? "" : reason; // as an order of a Waybill before has it
    }

    public KillSwitch(String name, boolean on) {
      this(name, on, "");
    }
  }

  /**
   * A second person's decision on what waits for one.
   *
   * @param approval its number
   */
  record Decide(long approval, boolean approve) implements Order {}
}
