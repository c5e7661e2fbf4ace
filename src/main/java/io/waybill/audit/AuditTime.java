package io.waybill.audit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Times as events have them: UTC, to the microsecond, always with six digits. */
public final class AuditTime {
  /** What stands in a column that an event does not have. */
  static final String NONE = "1970-01-01T00:00:00.000000Z";

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX").withZone(ZoneOffset.UTC);

  private AuditTime() {}

  /** The text of an instant; what is finer than a microsecond is cut off. */
  public static String text(Instant instant) {
    return FORMAT.format(instant.truncatedTo(ChronoUnit.MICROS));
  }
}
