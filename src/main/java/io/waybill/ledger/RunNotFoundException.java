package io.waybill.ledger;

/** No run begins with what was asked for, or more than one does; the message says which. */
public final class RunNotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunNotFoundException(String message) {
    super(message);
  }
}
