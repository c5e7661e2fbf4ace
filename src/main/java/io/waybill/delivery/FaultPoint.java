package io.waybill.delivery;

/**
 * Port: hears of each step as it is reached. Nothing listens in production; tests end the process
 * here, at any step they choose. Thread-safe.
 */
@FunctionalInterface
public interface FaultPoint {
  /** Nobody listens. */
  FaultPoint NONE = step -> {};

  /** The step was reached: what comes before it is durable, what comes after has not begun. */
  void reached(Step step);
}
