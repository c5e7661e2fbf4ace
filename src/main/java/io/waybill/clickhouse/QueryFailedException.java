package io.waybill.clickhouse;

import io.waybill.delivery.Failure;

/**
 * A statement, or an insert outside a plan, failed. The message has code, name and what they mean;
 * where ClickHouse quotes rows in its own message, that is left out. It has no cause for the same
 * reason: the client's exception carries the server's whole text.
 */
public final class QueryFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Failure failure;

  QueryFailedException(Failure failure) {
    super(
        failure.remedy().isEmpty()
            ? failure.summary()
            : failure.summary() + ". " + failure.remedy());
    this.failure = failure;
  }

  /** Why, in words that may be logged; its verdict says whether it may work later. */
  public Failure failure() {
    return failure;
  }

  /** ClickHouse's error code, 0 when there was no answer. */
  public int code() {
    return failure.code();
  }
}
