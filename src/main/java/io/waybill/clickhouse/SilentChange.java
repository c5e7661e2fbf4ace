package io.waybill.clickhouse;

import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ClickHouse does to a value that its column's type cannot hold, when it does not refuse it.
 * Each was tried on ClickHouse 26.7. What it refuses (a too long FixedString, a Decimal with too
 * many digits before the point, an unknown Enum element) is no silent change and not listed.
 */
public enum SilentChange {
  /** An integer out of range becomes another one: 300 in UInt8 is 44. */
  WRAPS,
  /** A time before or after what the type can hold becomes its first or last one. */
  CLIPS,
  /** A day that the month has not becomes one of the next: February 31 is March 3. */
  ROLLS_OVER,
  /** Digits behind the point, or the last digits of a large number, are dropped. */
  LOSES_DIGITS,
  /** Nothing, or null, becomes 0, false or 1970. */
  BECOMES_DEFAULT;

  private static final Pattern INTEGER = Pattern.compile("U?Int(8|16|32|64|128)");
  private static final Pattern DECIMAL = Pattern.compile("Decimal\\(\\d+, (\\d+)\\)");
  private static final Pattern DATE_TIME = Pattern.compile("DateTime(\\(.*\\))?");
  private static final Pattern DATE_TIME_64 = Pattern.compile("DateTime64\\((\\d).*");
  private static final Pattern FLOAT = Pattern.compile("Float(32|64)");

  /**
   * SQL conditions by what would happen, on a value that was read as Nullable(String).
   *
   * @param column quoted name
   * @param type the table's type of it
   * @param hasDefault whether the column has a DEFAULT of its own
   */
  static Map<SilentChange, String> conditions(String column, String type, boolean hasDefault) {
    String plain = plain(type);
    Map<SilentChange, String> found = new EnumMap<>(SilentChange.class);
    ofNumber(column, plain, found);
    ofTime(column, plain, found);
    boolean takesNothing = type.contains("Nullable(") || plain.equals("String") || hasDefault;
    if (!takesNothing && isScalar(plain)) {
      found.put(BECOMES_DEFAULT, "ifNull(%s, '') = ''".formatted(column));
    }
    return found;
  }

  private static void ofNumber(String column, String type, Map<SilentChange, String> found) {
    String whole = "toInt256OrNull(%s)".formatted(column);
    Matcher decimal = DECIMAL.matcher(type);
    if (INTEGER.matcher(type).matches()) {
      found.put(
          WRAPS,
          "isNotNull(%1$s) AND isNull(accurateCastOrNull(%1$s, '%2$s'))".formatted(whole, type));
    } else if (FLOAT.matcher(type).matches()) {
      found.put(
          LOSES_DIGITS,
          "isNotNull(%1$s) AND toInt256(to%2$s(%1$s)) != %1$s".formatted(whole, type));
    } else if (decimal.matches()) {
      found.put(LOSES_DIGITS, fractionBeyond(column, Integer.parseInt(decimal.group(1))));
    }
  }

  private static void ofTime(String column, String type, Map<SilentChange, String> found) {
    Matcher fine = DATE_TIME_64.matcher(type);
    if (type.equals("Date")) {
      found.put(CLIPS, outside(column, "1970-01-01", "2149-06-06"));
      found.put(ROLLS_OVER, noSuchDay(column));
    } else if (type.equals("Date32")) {
      found.put(CLIPS, outside(column, "1900-01-01", "2299-12-31"));
      found.put(ROLLS_OVER, noSuchDay(column));
    } else if (DATE_TIME.matcher(type).matches()) {
      found.put(CLIPS, outside(column, "1970-01-01 00:00:00", "2106-02-07 06:28:15"));
      found.put(LOSES_DIGITS, fractionBeyond(column, 0));
    } else if (fine.matches()) {
      found.put(LOSES_DIGITS, fractionBeyond(column, Integer.parseInt(fine.group(1))));
    }
  }

  // as text: ISO dates sort as they follow each other; others are not looked at
  private static String outside(String column, String first, String last) {
    return "match(%1$s, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')"
        .concat(" AND (substring(replaceOne(%1$s, 'T', ' '), 1, %4$d) < '%2$s'")
        .concat(" OR substring(replaceOne(%1$s, 'T', ' '), 1, %4$d) > '%3$s')")
        .formatted(column, first, last, first.length());
  }

  private static String noSuchDay(String column) {
    return "match(%1$s, '^[0-9]{4}-(0[1-9]|1[0-2])-[0-9]{2}')"
        .concat(" AND toUInt8OrZero(substring(%1$s, 9, 2)) > toDayOfMonth(toLastDayOfMonth(")
        .concat("toDate32OrZero(concat(substring(%1$s, 1, 8), '01'))))")
        .formatted(column);
  }

  private static String fractionBeyond(String column, int digits) {
    return "match(%s, '^[^.]*[.][0-9]{%d}[0-9]*[1-9]')".formatted(column, digits);
  }

  private static boolean isScalar(String type) {
    return INTEGER.matcher(type).matches()
        || FLOAT.matcher(type).matches()
        || DECIMAL.matcher(type).matches()
        || type.startsWith("Date")
        || type.equals("Bool");
  }

  private static String plain(String type) {
    String inner = type.replaceFirst("^LowCardinality\\((.*)\\)$", "$1");
    return inner.replaceFirst("^Nullable\\((.*)\\)$", "$1");
  }
}
