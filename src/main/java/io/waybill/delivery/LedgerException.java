package io.waybill.delivery;

/**
 * The ledger could not be read or written: nothing is sent until it can. Never holds row values.
 */
public final class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
