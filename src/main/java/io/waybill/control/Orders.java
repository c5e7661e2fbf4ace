package io.waybill.control;

/** Carries orders of people out, one after the other. Thread-safe. */
public interface Orders {

  /**
   * Returns when it is done.
   *
   * @param by who ordered it
   */
  Answer carryOut(Order order, String by);
}
