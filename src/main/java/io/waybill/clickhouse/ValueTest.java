package io.waybill.clickhouse;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition, in SQL on a column's text, for values that a type does not keep.
 *
 * @param what what would become of them
 * @param template the condition, with {@code ?} for the text
 */
public record ValueTest(What what, String template) {

  /** What becomes of a value that a type does not keep. */
  public enum What {
    /** Stored as another value: integers wrap, dates are cut to the range. */
    OUT_OF_RANGE("out of range: stored as something else, silently"),
    /** Stored with fewer digits. */
    DIGITS_LOST("with more digits than the type keeps: cut off or rounded, silently"),
    /** Refused, with its whole batch. */
    REFUSED("too large: ClickHouse refuses it");

    private final String words;

    What(String words) {
      this.words = words;
    }

    /** What a person should read. */
    public String words() {
      return words;
    }
  }

  private static final Pattern WRAPPER = Pattern.compile("(?:Nullable|LowCardinality)\\((.*)\\)");
  private static final Pattern INTEGER = Pattern.compile("(U?)Int(8|16|32|64|128|256)");
  private static final Pattern DECIMAL = Pattern.compile("Decimal\\((\\d+), (\\d+)\\)");
  private static final Pattern TIME =
      Pattern.compile("DateTime(?:64\\((\\d)(?:, .*)?\\)|\\(.*\\))?");
  private static final Pattern FIXED = Pattern.compile("FixedString\\((\\d+)\\)");
  private static final Pattern FAITHFUL =
      Pattern.compile("String|UUID|IPv[46]|Bool|Enum(?:8|16)\\(.*");
  // longer texts are out of every range, and would wrap in the comparison itself
  private static final int LONGEST = 76;

  /** The tests for a type; none if it keeps every text or is not compared. */
  static List<ValueTest> of(String type) {
    String plain = plain(type);
    Matcher integer = INTEGER.matcher(plain);
    if (integer.matches()) {
      return integer(integer.group(1).isEmpty(), Integer.parseInt(integer.group(2)));
    }
    Matcher decimal = DECIMAL.matcher(plain);
    if (decimal.matches()) {
      return decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    Matcher fixed = FIXED.matcher(plain);
    if (fixed.matches()) {
      return List.of(new ValueTest(What.REFUSED, "length(?) > " + fixed.group(1)));
    }
    Matcher time = TIME.matcher(plain);
    if (time.matches()) {
      return time(plain.startsWith("DateTime64"), time.group(1));
    }
    return switch (plain) {
      case "Date" -> List.of(days(19700101, 21490606));
      case "Date32" -> List.of(days(19000101, 22991231));
      case "Float32" -> List.of(floating("toFloat32OrNull"));
      case "Float64" ->
          List.of(
              new ValueTest(
                  What.DIGITS_LOST,
                  "match(?, '^[+-]{0,1}[0-9]{16,38}$') AND"
                      + " toInt256OrNull(?) != toInt256(ifNull(toFloat64OrNull(?), 0))"));
      default -> List.of();
    };
  }

  /** Whether a type keeps every text that it takes. */
  static boolean isFaithful(String type) {
    return FAITHFUL.matcher(plain(type)).matches();
  }

  private static String plain(String type) {
    String plain = type;
    for (Matcher outer = WRAPPER.matcher(plain); outer.matches(); outer = WRAPPER.matcher(plain)) {
      plain = outer.group(1);
    }
    return plain;
  }

  private static List<ValueTest> integer(boolean signed, int bits) {
    BigInteger power = BigInteger.TWO.pow(signed ? bits - 1 : bits);
    // no integer of ClickHouse's is wider than the one that compares
    String beyond =
        bits == 256
            ? "length(?) > " + LONGEST
            : "length(?) > %d OR toInt256OrNull(?) NOT BETWEEN toInt256('%s') AND toInt256('%s')"
                .formatted(
                    LONGEST,
                    signed ? power.negate() : BigInteger.ZERO,
                    power.subtract(BigInteger.ONE));
    return List.of(
        new ValueTest(What.OUT_OF_RANGE, "match(?, '^[+-]{0,1}[0-9]+$') AND (" + beyond + ")"));
  }

  private static List<ValueTest> decimal(int precision, int scale) {
    int whole = precision - scale;
    return List.of(
        new ValueTest(
            What.REFUSED, "match(?, '^[+-]{0,1}0*[1-9][0-9]{%d,}(\\\\.|$)')".formatted(whole)),
        fraction(scale));
  }

  private static ValueTest fraction(int scale) {
    return new ValueTest(
        What.DIGITS_LOST, "match(?, '\\\\.[0-9]{%d}[0-9]*[1-9]')".formatted(scale));
  }

  private static List<ValueTest> time(boolean wide, String precision) {
    List<ValueTest> tests = new ArrayList<>();
    boolean nanos = "9".equals(precision);
    tests.add(wide ? days(19000101, nanos ? 22620410 : 22991231) : days(19700101, 21060206));
    tests.add(fraction(wide ? Integer.parseInt(precision) : 0));
    return tests;
  }

  /** Dates as texts begin in ISO 8601; other forms are not compared. */
  private static ValueTest days(int first, int last) {
    return new ValueTest(
        What.OUT_OF_RANGE,
        ("match(?, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') AND toUInt32OrZero(concat(substring(?, 1, 4),"
                + " substring(?, 6, 2), substring(?, 9, 2))) NOT BETWEEN %d AND %d")
            .formatted(first, last));
  }

  /** A float keeps a text if its own shortest form is the same number. */
  private static ValueTest floating(String read) {
    return new ValueTest(
        What.DIGITS_LOST,
        "toFloat64OrNull(?) IS NOT NULL AND"
            + " toFloat64OrNull(toString(%s(?))) != toFloat64OrNull(?)".formatted(read));
  }

  /** The condition on the text in this column. */
  String condition(String column) {
    return "(" + template.replace("?", column) + ")";
  }
}
