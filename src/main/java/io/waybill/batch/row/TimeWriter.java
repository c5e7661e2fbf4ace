package io.waybill.batch.row;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;

/**
 * DateTime and DateTime64. A point in time is written as such, whatever zone the column has; a
 * local time is one of the column's zone; a whole number counts seconds since 1970. Digits beyond
 * the column's precision are cut off, as ClickHouse does; what lies outside of its range is a
 * misfit. Text is for ClickHouse to read.
 */
final class TimeWriter implements ValueWriter {
  private static final long LAST_OF_32_BITS = 0xffff_ffffL;
  private static final int NANO_DIGITS = 9;
  private final int digits;
  private final long first;
  private final long last;

  private TimeWriter(int digits, long first, long last) {
    this.digits = digits;
    this.first = first;
    this.last = last;
  }

  static TimeWriter seconds() {
    return new TimeWriter(0, 0, LAST_OF_32_BITS);
  }

  static TimeWriter fraction(int digits) {
    long first = LocalDate.of(1900, 1, 1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    long last =
        digits == NANO_DIGITS
            ? Long.MAX_VALUE / 1_000_000_000L - 1
            : LocalDate.of(2300, 1, 1).atStartOfDay().toEpochSecond(ZoneOffset.UTC) - 1;
    return new TimeWriter(digits, first, last);
  }

  @Override
  public void write(Object value, JsonOut out) throws Misfit {
    if (value instanceof CharSequence text) {
      out.string(text);
    } else if (value instanceof LocalDateTime local) {
      write(local, false, out);
    } else if (value instanceof LocalDate day) {
      write(day.atStartOfDay(), false, out);
    } else {
      Instant instant = instant(value);
      write(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), true, out);
    }
  }

  private static Instant instant(Object value) throws Misfit {
    if (value instanceof Instant instant) {
      return instant;
    }
    if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    if (value instanceof ZonedDateTime time) {
      return time.toInstant();
    }
    if (value instanceof Date date) {
      return date.toInstant();
    }
    if (value instanceof Calendar calendar) {
      return calendar.toInstant();
    }
    if (value instanceof Integer || value instanceof Long) {
      long seconds = ((Number) value).longValue();
      if (seconds >= Instant.MIN.getEpochSecond() && seconds <= Instant.MAX.getEpochSecond()) {
        return Instant.ofEpochSecond(seconds);
      }
    }
    throw new Misfit();
  }

  private void write(LocalDateTime time, boolean utc, JsonOut out) throws Misfit {
    long seconds = time.toEpochSecond(ZoneOffset.UTC);
    if (seconds < first || seconds > last) {
      throw new Misfit();
    }
    out.ascii('"');
    DateWriter.day(time.toLocalDate(), out);
    out.ascii('T').padded(time.getHour(), 2).ascii(':').padded(time.getMinute(), 2);
    out.ascii(':').padded(time.getSecond(), 2);
    fraction(time.getNano(), digits, out);
    if (utc) {
      out.ascii('Z');
    }
    out.ascii('"');
  }

  static void fraction(int nanos, int digits, JsonOut out) {
    if (digits > 0) {
      int rest = nanos;
      for (int i = digits; i < NANO_DIGITS; i++) {
        rest /= 10;
      }
      out.ascii('.').padded(rest, digits);
    }
  }
}
