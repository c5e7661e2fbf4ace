package io.waybill.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** Times as people give them: ISO 8601, a date begins in UTC. */
final class Times {
  private Times() {}

  /**
   * The time of this text.
   *
   * @param option the option that it was given by
   */
  static Instant parse(String option, String text) {
    try {
      return text.length() == "2026-11-01".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new UsageException(
          "%s: write a date like 2026-11-01 or a time like 2026-11-01T06:00:00Z".formatted(option));
    }
  }
}
