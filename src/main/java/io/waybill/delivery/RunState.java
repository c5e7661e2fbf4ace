package io.waybill.delivery;

import java.util.Locale;

/** States of a run. */
public enum RunState {
  RUNNING,
  COMPLETED,
  COMPLETED_WITH_DEAD_LETTERS,
  FAILED,
  HELD,
  CANCELLED;

  /** The name as it is stored and shown, in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of this label. */
  public static RunState of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** Whether everything that the run read is settled. */
  public boolean isComplete() {
    return this == COMPLETED || this == COMPLETED_WITH_DEAD_LETTERS;
  }
}
