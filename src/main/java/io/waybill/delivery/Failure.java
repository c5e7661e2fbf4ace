package io.waybill.delivery;

/**
 * Why a batch did not arrive, in words that may be logged: never row values, never secrets.
 *
 * @param verdict what follows
 * @param code ClickHouse error code, 0 when there was no answer
 * @param name ClickHouse's name of the code, or the kind of network failure, for instance {@code
 *     UNKNOWN_TABLE}, {@code CONNECTION_REFUSED}
 * @param reason what happened
 * @param remedy what a person can do; empty when there is nothing to do but wait
 */
public record Failure(Verdict verdict, int code, String name, String reason, String remedy) {
  /** Reason, code and name in one line. */
  public String summary() {
    return code == 0 ? reason + " (" + name + ")" : reason + " (code " + code + ", " + name + ")";
  }
}
