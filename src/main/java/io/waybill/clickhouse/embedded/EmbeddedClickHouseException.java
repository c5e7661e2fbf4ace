package io.waybill.clickhouse.embedded;

/**
 * The embedded ClickHouse cannot be fetched, started or asked. The message says what happened,
 * where, and what to do, and is meant to be shown to the user as it is. Never holds a password.
 */
public final class EmbeddedClickHouseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With no other exception behind it. */
  public EmbeddedClickHouseException(String message) {
    super(message);
  }

  /** Because of {@code cause}. */
  public EmbeddedClickHouseException(String message, Throwable cause) {
    super(message, cause);
  }
}
