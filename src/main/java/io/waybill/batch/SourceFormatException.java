package io.waybill.batch;

import java.io.IOException;

/** The source is not what its format says; the message names the byte and what to do. */
public final class SourceFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public SourceFormatException(String message) {
    super(message);
  }

  /**
   * @param problem what is wrong and what to do, without any of the source's values
   */
  static SourceFormatException at(String location, long offset, String problem) {
    return new SourceFormatException(location + ", byte " + offset + ": " + problem);
  }

  /** The same for a packed source, whose offsets are those of the stored bytes. */
  static SourceFormatException packed(String location, long offset, String problem) {
    return new SourceFormatException(location + ", packed byte " + offset + ": " + problem);
  }
}
