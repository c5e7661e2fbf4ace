package io.waybill.audit;

/** A key cannot be used now; the message says what to do and needs no stack trace. */
public final class SigningException extends Exception {
  private static final long serialVersionUID = 1;

  /** With words for people. */
  public SigningException(String message) {
    super(message);
  }

  /** With words for people. */
  public SigningException(String message, Throwable cause) {
    super(message, cause);
  }
}
