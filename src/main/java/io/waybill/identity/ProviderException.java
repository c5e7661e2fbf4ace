package io.waybill.identity;

/** The provider does not answer, or not as it should; who somebody is cannot be told now. */
public final class ProviderException extends Exception {
  private static final long serialVersionUID = 1;
  private final String error;

  ProviderException(String message, String error) {
    super(message);
    this.error = error;
  }

  ProviderException(String message, Throwable cause) {
    super(message, cause);
    this.error = "";
  }

  /** Its own word for it, RFC 6749 section 5.2; empty if it gave none. */
  public String error() {
    return error;
  }

  /** Whether it refused what it was given, rather than being away. */
  public boolean isRefusal() {
    return !error.isEmpty();
  }
}
