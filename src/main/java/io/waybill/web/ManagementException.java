package io.waybill.web;

/** The management port cannot be opened; the message says why, and what to set. */
public final class ManagementException extends Exception {
  private static final long serialVersionUID = 1;

  ManagementException(String message) {
    super(message);
  }

  ManagementException(String message, Throwable cause) {
    super(message, cause);
  }
}
