package io.waybill.schedule;

import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.quartz.CronExpression;

/**
 * Due times by a cron expression of Quartz, on the clock on the wall of a time zone. Each time on
 * that clock is due once: one that the clock leaves out when it is put forward is due the moment it
 * is, one that it shows twice when it is put back is due the first time. Immutable, thread-safe.
 */
public final class Cron {
  private static final int FIELDS = 6;
  private static final Map<String, String> ALIASES =
      Map.of(
          "@hourly", "0 0 * * * ?",
          "@daily", "0 0 0 * * ?",
          "@weekly", "0 0 0 ? * MON",
          "@monthly", "0 0 0 1 * ?",
          "@yearly", "0 0 0 1 1 ?");
  private final String text;
  private final CronExpression expression;
  private final ZoneId zone;

  private Cron(String text, CronExpression expression, ZoneId zone) {
    this.text = text;
    this.expression = expression;
    this.zone = zone;
  }

  /**
   * Parses an expression of six or seven fields, seconds first, or one of {@code @hourly},
   * {@code @daily}, {@code @weekly}, {@code @monthly}, {@code @yearly}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Cron parse(String text, ZoneId zone) {
    String fields = ALIASES.getOrDefault(text.strip(), text.strip());
    if (fields.split("\\s+").length < FIELDS) {
      throw new IllegalArgumentException(
          "a cron expression has six fields: second minute hour day-of-month month day-of-week,"
              + " such as 0 30 2 * * ?; or is one of @hourly, @daily, @weekly, @monthly, @yearly");
    }
    try {
      CronExpression expression = new CronExpression(fields);
      expression.setTimeZone(TimeZone.getTimeZone(ZoneOffset.UTC));
      return new Cron(text.strip(), expression, zone);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The first due time after this one; empty if there is none any more. */
  public Optional<Instant> next(Instant after) {
    LocalDateTime local = LocalDateTime.ofInstant(after, zone);
    for (; ; ) {
      Optional<LocalDateTime> next = nextOnTheWall(local);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      Instant due = instant(next.get());
      if (due.isAfter(after)) {
        return Optional.of(due);
      }
      local = next.get();
    }
  }

  /** The expression knows no time zone here: its times are those on the wall. */
  private Optional<LocalDateTime> nextOnTheWall(LocalDateTime local) {
    Date before = Date.from(local.truncatedTo(ChronoUnit.SECONDS).toInstant(ZoneOffset.UTC));
    return Optional.ofNullable(expression.getNextValidTimeAfter(before))
        .map(next -> LocalDateTime.ofInstant(next.toInstant(), ZoneOffset.UTC));
  }

  private Instant instant(LocalDateTime local) {
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isGap()
        ? change.getInstant()
        : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
  }

  @Override
  public String toString() {
    return text + " " + zone;
  }
}
