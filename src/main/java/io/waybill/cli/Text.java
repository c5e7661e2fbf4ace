package io.waybill.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How numbers, sizes, times and tables look on a screen. */
final class Text {
  private static final double KILO = 1024;
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private Text() {}

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String count(long number, String one) {
    return count(number) + " " + one + (number == 1 ? "" : one.endsWith("ch") ? "es" : "s");
  }

  static String size(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= KILO && unit < UNITS.length - 1) {
      size /= KILO;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }

  static String perSecond(long amount, Duration duration) {
    double seconds = Math.max(duration.toNanos() / 1e9, 0.001);
    return count(Math.round(amount / seconds)) + " rows/s";
  }

  static String megabytesPerSecond(long bytes, Duration duration) {
    return megabytes(bytes, duration) + " MB/s";
  }

  /** Megabytes in a second, without the unit. */
  static String megabytes(long bytes, Duration duration) {
    double seconds = Math.max(duration.toNanos() / 1e9, 0.001);
    return String.format(Locale.ROOT, "%.1f", bytes / KILO / KILO / seconds);
  }

  static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** Columns as wide as their widest cell; the last one as it comes. */
  static List<String> table(List<String> head, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>();
    all.add(head);
    all.addAll(rows);
    int[] widths = new int[head.size()];
    for (List<String> row : all) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i));
        if (i < row.size() - 1) {
          line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
