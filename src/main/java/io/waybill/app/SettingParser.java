package io.waybill.app;

import io.waybill.batch.DataSize;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Turns text into types and gathers what does not fit; never shows a value that may be secret. */
record SettingParser(
    Map<Setting, String> values, Map<Setting, String> places, List<String> problems) {

  String text(Setting setting) {
    return values.get(setting);
  }

  /** Whether it is set anywhere, and does not only have its default. */
  boolean isGiven(Setting setting) {
    return places.containsKey(setting);
  }

  String url(Setting setting) {
    String url = text(setting);
    if (!url.isEmpty() && !url.matches("https?://[^/@\\s]+/?")) {
      problem(setting, "must look like http://host:8123, without user or path");
    }
    return url.replaceFirst("/$", "");
  }

  /** As {@link #url} with a path, and kept letter by letter: tokens name it so. */
  String issuer(Setting setting) {
    String url = text(setting);
    if (!url.isEmpty() && !url.matches("https?://[^/@?#\\s]+(/[^?#\\s]*)?")) {
      problem(setting, "must look like https://host/path, without user or query");
    }
    return url;
  }

  /**
   * An address with a path; empty if it may be. The value is not repeated: it may have a password.
   */
  String address(Setting setting, boolean needed, String example) {
    String text = text(setting);
    boolean fits = text.isEmpty() ? !needed : text.matches("https?://[^/@\\s]+(/[^@\\s]*)?");
    if (!fits) {
      problem(setting, "must look like " + example + ", without user");
    }
    return fits ? text : "";
  }

  String oneOf(Setting setting, String... allowed) {
    String value = text(setting);
    if (!Arrays.asList(allowed).contains(value)) {
      problem(setting, "must be one of " + String.join(", ", allowed));
    }
    return value;
  }

  Duration duration(Setting setting) {
    return parse(setting, Durations::parse, Duration.ZERO);
  }

  DataSize size(Setting setting) {
    return parse(
        setting,
        text -> {
          DataSize size = DataSize.parse(text);
          if (size.bytes() == 0) {
            throw new IllegalArgumentException("must be at least 1B");
          }
          return size;
        },
        new DataSize(1));
  }

  long number(Setting setting) {
    return parse(
        setting,
        text -> {
          if (!text.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("write a whole number");
          }
          return Long.valueOf(text);
        },
        0L);
  }

  /** A whole number within bounds. */
  int number(Setting setting, int least, int most) {
    return parse(
        setting,
        text -> {
          int value = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
          if (value < least || value > most) {
            throw new IllegalArgumentException(
                "write a number from %d to %d".formatted(least, most));
          }
          return value;
        },
        least);
  }

  <T> T parse(Setting setting, Function<String, T> parser, T otherwise) {
    try {
      return parser.apply(text(setting));
    } catch (RuntimeException e) {
      problem(setting, "'" + text(setting) + "' does not fit: " + e.getMessage());
      return otherwise;
    }
  }

  private void problem(Setting setting, String what) {
    problems.add(places.getOrDefault(setting, setting.key()) + ": " + what);
  }
}
