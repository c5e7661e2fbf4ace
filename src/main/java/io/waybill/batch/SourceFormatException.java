package io.waybill.batch;

import java.io.IOException;

/** The source is not what its format says; the message names the byte and what to do. */
public final class SourceFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public SourceFormatException(String message) {
    super(message);
  }
}
