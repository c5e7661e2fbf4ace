package io.waybill.app;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them, and as Camel reads them: {@code 500ms}, {@code 1h30m}. */
final class Durations {
  private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}\\s*(ms|s|m|h|d)\\s*)+|\\d{1,12}");
  private static final Pattern PART = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)?");

  private Durations() {}

  /**
   * Reads one; a number without a unit is milliseconds, as in Camel.
   *
   * @throws IllegalArgumentException telling how durations are written
   */
  static Duration parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    if (!WHOLE.matcher(lower).matches()) {
      throw new IllegalArgumentException("write a duration like 500ms, 5s, 10m or 1h30m");
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(lower);
    while (part.find()) {
      sum = sum.plus(of(Long.parseLong(part.group(1)), part.group(2)));
    }
    return sum;
  }

  private static Duration of(long number, String unit) {
    if (unit == null) {
      return Duration.ofMillis(number);
    }
    return switch (unit) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofMillis(number);
    };
  }
}
