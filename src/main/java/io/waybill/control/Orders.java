package io.waybill.control;

import io.waybill.policy.Identity;

/** Carries orders of people out, one after the other. Thread-safe. */
public interface Orders {

  /**
   * Returns when it is done.
   *
   * @param by who ordered it
   */
  Answer carryOut(Order order, Identity by);
}
