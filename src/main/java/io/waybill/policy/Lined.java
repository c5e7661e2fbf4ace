package io.waybill.policy;

/**
 * A value of the policy.
 *
 * @param line where it stands, from 1
 */
public record Lined<T>(T value, int line) {

  /** Its place, as {@code policy.yaml:12}. */
  public String place() {
    return Decision.FILE + ":" + line;
  }
}
