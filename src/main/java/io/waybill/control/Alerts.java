package io.waybill.control;

/** Hears of what a person should know at once. Thread-safe; must not block or throw. */
@FunctionalInterface
public interface Alerts {
  /** Nobody hears. */
  Alerts NONE = (kind, flow, subject, text) -> {};

  /**
   * Tells.
   *
   * @param kind {@code failed}, {@code timed_out}, {@code missed} or {@code late}
   * @param flow route id
   * @param subject id of the run or trigger
   * @param text what happened, in words; no value of a row and no secret
   */
  void alert(String kind, String flow, String subject, String text);
}
