package io.waybill.camel;

/**
 * The policy does not allow what a step of a route wants. The message says why, by which line, and
 * what to do; it holds no value of a record.
 */
public final class DeniedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeniedException(String reason, String remedy) {
    super("denied: " + reason + (remedy.isEmpty() ? "" : "; " + remedy));
  }
}
