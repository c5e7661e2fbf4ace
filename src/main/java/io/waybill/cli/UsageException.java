package io.waybill.cli;

/** The command was not used as it can be; the message tells how. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
