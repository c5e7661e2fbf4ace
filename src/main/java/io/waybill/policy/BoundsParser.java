package io.waybill.policy;

import io.waybill.batch.DataSize;

/** Reads how far a right goes. */
final class BoundsParser {
  static final String HOURS = "hours";
  static final String ROWS = "max-rows-per-run";
  static final String BYTES = "max-bytes-per-run";

  private BoundsParser() {}

  static Bounds parse(Section section) {
    return new Bounds(
        section.value(HOURS, Hours::parse),
        section.value(ROWS, BoundsParser::rows),
        section.value(BYTES, DataSize::parse));
  }

  private static Long rows(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException("'" + text + "' is no number of rows");
    }
    return Long.valueOf(text);
  }
}
