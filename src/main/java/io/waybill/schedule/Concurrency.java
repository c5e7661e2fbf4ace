package io.waybill.schedule;

/** What becomes of a due time at which the flow's trigger before it has not ended. */
public enum Concurrency {
  /** It is left out. */
  SKIP,
  /** It waits for its turn. */
  QUEUE,
  /** What runs is cancelled, and it takes its place. */
  REPLACE;

  /** What is to be done. */
  public enum Step {
    START,
    LEAVE_OUT,
    WAIT,
    CANCEL_AND_START
  }

  /** What is to be done with a trigger while the flow is busy with another one, or not. */
  public Step step(boolean busy) {
    if (!busy) {
      return Step.START;
    }
    return switch (this) {
      case SKIP -> Step.LEAVE_OUT;
      case QUEUE -> Step.WAIT;
      case REPLACE -> Step.CANCEL_AND_START;
    };
  }
}
