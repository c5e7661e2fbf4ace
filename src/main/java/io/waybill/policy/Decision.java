package io.waybill.policy;

/**
 * Yes or no, and why. Immutable; holds no secret and no content of a row.
 *
 * @param allowed the answer
 * @param line what decided, as {@code policy.yaml:12}; empty if there is no policy
 * @param reason one clause
 * @param remedy what to do about a no; empty for a yes
 */
public record Decision(boolean allowed, String line, String reason, String remedy) {
  /** How the file is called in {@link #line} and in messages. */
  public static final String FILE = "policy.yaml";

  static Decision yes(int line, String reason) {
    return new Decision(true, FILE + ":" + line, reason, "");
  }

  static Decision no(int line, String reason, String remedy) {
    return new Decision(false, FILE + ":" + line, reason, remedy);
  }

  /** Reason and line in one sentence. */
  @Override
  public String toString() {
    return line.isEmpty() ? reason : reason + " (" + line + ")";
  }
}
