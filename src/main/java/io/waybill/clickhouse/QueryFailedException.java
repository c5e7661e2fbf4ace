package io.waybill.clickhouse;

import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;

/** ClickHouse refused a statement, or could not be asked; words without row values. */
public final class QueryFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int code;
  private final String name;

  QueryFailedException(int code, String name, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.name = name;
  }

  /** The same as a reason to try again: nothing was sent. */
  Failure failure() {
    return new Failure(Verdict.RETRY, code, name, getMessage(), "");
  }

  /** ClickHouse error code, 0 when there was no answer. */
  public int code() {
    return code;
  }

  /** ClickHouse's name of the code, or the kind of network failure. */
  public String name() {
    return name;
  }
}
