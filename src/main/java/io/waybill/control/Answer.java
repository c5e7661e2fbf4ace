package io.waybill.control;

import java.util.List;

/**
 * What came of an order.
 *
 * @param outcome how it ended
 * @param lines what a person is told
 */
public record Answer(Outcome outcome, List<String> lines) {

  /** How an order ended. */
  public enum Outcome {
    /** All of it is done. */
    DONE,
    /** It is done, and records were refused. */
    DEAD_LETTERS,
    /** It cannot be done as it was ordered; nothing changed. */
    REFUSED,
    /** Who ordered it may not; nothing changed. */
    DENIED,
    /** It was begun and waits, or failed. */
    HELD_OR_FAILED;

    /** The worse of two. */
    public Outcome and(Outcome other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }
}
