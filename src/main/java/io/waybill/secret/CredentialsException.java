package io.waybill.secret;

/** There is no credential now; the message says why, the remedy what a person can do. */
public final class CredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String remedy;

  public CredentialsException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  /** What a person can do; may be empty. */
  public String remedy() {
    return remedy;
  }
}
