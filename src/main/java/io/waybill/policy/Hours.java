package io.waybill.policy;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When something is allowed, on the clock on the wall of a zone: {@code Mon-Fri 06:00-22:00
 * Europe/Berlin}. The end is not part of it; hours that end before they begin go past midnight and
 * belong to the day that they begin on. Without days it is every day. Immutable.
 */
public final class Hours {
  private static final Pattern FORM =
      Pattern.compile("(?:([A-Za-z,\\-]+)\\s+)?(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)\\s+(\\S+)");
  private static final String HOW =
      "write days, hours and zone as in Mon-Fri 06:00-22:00 Europe/Berlin";
  private static final String END_OF_DAY = "24:00";
  private final String text;
  private final Set<DayOfWeek> days;
  private final LocalTime from;
  private final LocalTime to;
  private final ZoneId zone;

  private Hours(String text, Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    this.text = text;
    this.days = days;
    this.from = from;
    this.to = to;
    this.zone = zone;
  }

  /**
   * Reads hours.
   *
   * @throws IllegalArgumentException telling how they are written
   */
  public static Hours parse(String text) {
    Matcher parts = FORM.matcher(text.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + text + "' are no hours; " + HOW);
    }
    try {
      LocalTime from = LocalTime.parse(parts.group(2));
      String end = parts.group(3);
      LocalTime to = end.equals(END_OF_DAY) ? LocalTime.MIDNIGHT : LocalTime.parse(end);
      ZoneId zone = ZoneId.of(parts.group(4));
      return new Hours(text.strip(), days(parts.group(1)), from, to, zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' are no hours; " + HOW, e);
    }
  }

  private static Set<DayOfWeek> days(String text) {
    if (text == null) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String part : text.split(",", -1)) {
      String[] ends = part.split("-", -1);
      if (ends.length > 2) {
        throw new IllegalArgumentException("'" + part + "' are no days; " + HOW);
      }
      DayOfWeek last = day(ends[ends.length - 1]);
      for (DayOfWeek day = day(ends[0]); ; day = day.plus(1)) {
        days.add(day);
        if (day == last) {
          break;
        }
      }
    }
    return days;
  }

  private static DayOfWeek day(String text) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().substring(0, 3).equals(text.toUpperCase(Locale.ROOT))) {
        return day;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no day; days are Mon, Tue, Wed, Thu, Fri, Sat, Sun");
  }

  /** Whether this moment lies within. */
  public boolean contains(Instant moment) {
    ZonedDateTime local = moment.atZone(zone);
    LocalTime time = local.toLocalTime();
    DayOfWeek day = local.getDayOfWeek();
    boolean pastMidnight = !to.isAfter(from);
    if (!pastMidnight) {
      return days.contains(day) && !time.isBefore(from) && time.isBefore(to);
    }
    return (days.contains(day) && !time.isBefore(from))
        || (days.contains(day.minus(1)) && time.isBefore(to));
  }

  /** As they are written. */
  @Override
  public String toString() {
    return text;
  }
}
