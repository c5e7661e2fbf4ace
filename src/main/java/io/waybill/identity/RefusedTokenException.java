package io.waybill.identity;

/** A token proves nothing. The message says why, and holds nothing of the token. */
public final class RefusedTokenException extends Exception {
  private static final long serialVersionUID = 1;

  public RefusedTokenException(String message) {
    super(message);
  }
}
