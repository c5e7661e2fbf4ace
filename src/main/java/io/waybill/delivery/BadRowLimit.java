package io.waybill.delivery;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many records of a run may become dead letters before the run fails: so many, or a share of
 * the records that were read so far.
 */
public record BadRowLimit(double value, boolean percent) {
  /** Every record may be bad. */
  public static final BadRowLimit ALL = new BadRowLimit(100, true);

  private static final Pattern FORM = Pattern.compile("(\\d{1,12}|\\d{1,3}(?:\\.\\d{1,6})?%)");
  private static final double HUNDRED = 100;

  /**
   * Reads {@code 1000} or {@code 1%}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static BadRowLimit parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is neither a number of rows, such as 1000, nor a share, such as 1%");
    }
    boolean percent = text.strip().endsWith("%");
    double value = Double.parseDouble(text.strip().replace("%", ""));
    if (percent && value > HUNDRED) {
      throw new IllegalArgumentException("'" + text + "' is more than 100%");
    }
    return new BadRowLimit(value, percent);
  }

  /** How many of so many records may be bad. */
  public long of(long records) {
    return (long) (percent ? records * value / HUNDRED : value);
  }

  @Override
  public String toString() {
    String number = value == (long) value ? Long.toString((long) value) : Double.toString(value);
    return percent ? number + "%" : number;
  }
}
