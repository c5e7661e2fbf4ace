package io.waybill.batch.row;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/**
 * Date and Date32. Takes days, also as a number of days since 1970, and local times at the begin of
 * a day; a point in time has no day without a zone. Text is for ClickHouse to read.
 */
final class DateWriter implements ValueWriter {
  static final DateWriter DATE = new DateWriter(LocalDate.of(1970, 1, 1), LocalDate.of(2149, 6, 6));
  static final DateWriter DATE32 =
      new DateWriter(LocalDate.of(1900, 1, 1), LocalDate.of(2299, 12, 31));
  private final LocalDate first;
  private final LocalDate last;

  private DateWriter(LocalDate first, LocalDate last) {
    this.first = first;
    this.last = last;
  }

  @Override
  public void write(Object value, JsonOut out) throws Misfit {
    if (value instanceof CharSequence text) {
      out.string(text);
      return;
    }
    LocalDate day = dayOf(value);
    if (day.isBefore(first) || day.isAfter(last)) {
      throw new Misfit();
    }
    out.ascii('"');
    day(day, out);
    out.ascii('"');
  }

  private static LocalDate dayOf(Object value) throws Misfit {
    if (value instanceof LocalDate day) {
      return day;
    }
    if (value instanceof LocalDateTime time && time.toLocalTime().equals(LocalTime.MIDNIGHT)) {
      return time.toLocalDate();
    }
    if (value instanceof Integer || value instanceof Long || value instanceof Short) {
      long days = ((Number) value).longValue();
      if (days >= LocalDate.MIN.toEpochDay() && days <= LocalDate.MAX.toEpochDay()) {
        return LocalDate.ofEpochDay(days);
      }
    }
    throw new Misfit();
  }

  static void day(LocalDate day, JsonOut out) {
    out.padded(day.getYear(), 4).ascii('-').padded(day.getMonthValue(), 2);
    out.ascii('-').padded(day.getDayOfMonth(), 2);
  }
}
