package io.waybill.batch;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes that people write with a unit. Units are powers of 1024, as in ClickHouse's
 * readable sizes: {@code 64MB}, {@code 64MiB}, {@code 64M} and {@code 67108864} are the same.
 *
 * @param bytes how many, not negative
 */
public record DataSize(long bytes) {
  private static final String UNITS = "BKMGT";
  private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(?:([KMGT])(?:I?B)?|B)?");

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size cannot be negative: " + bytes);
    }
  }

  /**
   * Reads a whole number with or without a unit (B, KB, MB, GB, TB, also KiB or K); upper and lower
   * case do not matter.
   *
   * @throws IllegalArgumentException for anything else, telling how sizes are written
   */
  public static DataSize parse(String text) {
    Matcher parts = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!parts.matches()) {
      throw notASize(text, "write a whole number and a unit, like 512KB, 64MB or 1GB");
    }
    int power = parts.group(2) == null ? 0 : UNITS.indexOf(parts.group(2));
    try {
      return new DataSize(Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << (10 * power)));
    } catch (ArithmeticException | NumberFormatException e) {
      throw notASize(text, "it is more than " + new DataSize(Long.MAX_VALUE >> 40 << 40));
    }
  }

  private static IllegalArgumentException notASize(String text, String why) {
    return new IllegalArgumentException("not a size: '" + text + "'; " + why);
  }

  /** The shortest form without loss: {@code 64MB}, {@code 1536KB}, {@code 1000}. */
  @Override
  public String toString() {
    int power = bytes == 0 ? 0 : Math.min(4, Long.numberOfTrailingZeros(bytes) / 10);
    return (bytes >> (10 * power)) + (power == 0 ? "" : UNITS.charAt(power) + "B");
  }
}
