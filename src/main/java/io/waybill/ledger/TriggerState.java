package io.waybill.ledger;

import io.waybill.delivery.RunState;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** How a trigger stands. */
public enum TriggerState {
  /** It waits for its turn. */
  QUEUED,
  /** Its flow was started. */
  RUNNING,
  /** All that it brought arrived, or it brought nothing. */
  COMPLETED,
  /** The same, and records were refused. */
  COMPLETED_WITH_DEAD_LETTERS,
  /** Something of it failed. */
  FAILED,
  /** Something of it waits for a person or the server. */
  HELD,
  /** Another one was running, and this one gave way. */
  SKIPPED,
  /** Nothing was serving when it was due, and it is not caught up with. */
  MISSED,
  /** A person, or a newer one, took it back. */
  CANCELLED,
  /** It took longer than it may. */
  TIMED_OUT;

  /** As it is written. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nothing more comes of it. */
  public boolean isEnded() {
    return this != QUEUED && this != RUNNING;
  }

  /** Whether its flow was started and came to an end. */
  boolean isEndOfFlow() {
    return isEnded() && this != SKIPPED && this != MISSED;
  }

  /** Whether everything is settled. */
  public boolean isComplete() {
    return this == COMPLETED || this == COMPLETED_WITH_DEAD_LETTERS;
  }

  /** As the worst of these runs; completed if there are none, running while one is. */
  public static TriggerState worstOf(Collection<RunState> runs) {
    TriggerState worst = COMPLETED;
    for (RunState run : runs) {
      TriggerState state = of(run);
      if (state == RUNNING) {
        return RUNNING;
      }
      worst = rank(state) > rank(worst) ? state : worst;
    }
    return worst;
  }

  /** As the worst of the parts of a backfill; running while one has not ended. */
  static TriggerState worstPart(Collection<TriggerState> parts) {
    TriggerState worst = COMPLETED;
    for (TriggerState part : parts) {
      if (!part.isEnded()) {
        return RUNNING;
      }
      worst = rank(part) > rank(worst) ? part : worst;
    }
    return worst;
  }

  private static TriggerState of(RunState run) {
    return switch (run) {
      case RUNNING -> RUNNING;
      case COMPLETED -> COMPLETED;
      case COMPLETED_WITH_DEAD_LETTERS -> COMPLETED_WITH_DEAD_LETTERS;
      case FAILED -> FAILED;
      case HELD -> HELD;
      case CANCELLED -> CANCELLED;
    };
  }

  private static int rank(TriggerState state) {
    return switch (state) {
      case COMPLETED, QUEUED, RUNNING, SKIPPED, MISSED -> 0;
      case COMPLETED_WITH_DEAD_LETTERS -> 1;
      case CANCELLED, TIMED_OUT -> 2;
      case HELD -> 3;
      case FAILED -> 4;
    };
  }

  static TriggerState of(String label) {
    return Arrays.stream(values())
        .filter(each -> each.label().equals(label))
        .findFirst()
        .orElseThrow();
  }
}
