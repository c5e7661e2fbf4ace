package io.waybill.batch.row;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Float32, Float64, BFloat16: the nearest value, as for any float; infinity only from infinity. */
final class FloatWriter implements ValueWriter {
  private final boolean single;

  FloatWriter(boolean single) {
    this.single = single;
  }

  @Override
  public void write(Object value, JsonOut out) throws Misfit {
    if (value instanceof Float number) {
      write(number, Float.toString(number), out);
    } else if (value instanceof Integer || value instanceof Long || value instanceof Short) {
      out.number(((Number) value).longValue());
    } else if (value instanceof Number || value instanceof CharSequence) {
      double number = parsed(value);
      boolean exact = value instanceof BigDecimal || value instanceof BigInteger;
      if (Double.isInfinite(number) && (exact || startsWithDigit(value))) {
        throw new Misfit();
      }
      write(number, Double.toString(number), out);
    } else {
      throw new Misfit();
    }
  }

  private static boolean startsWithDigit(Object value) {
    return value.toString().strip().matches("[-+]?[0-9.].*");
  }

  private void write(double number, String text, JsonOut out) throws Misfit {
    if (Double.isNaN(number)) {
      out.ascii("\"nan\"");
    } else if (Double.isInfinite(number)) {
      out.ascii(number > 0 ? "\"inf\"" : "\"-inf\"");
    } else if (single && Float.isInfinite((float) number)) {
      throw new Misfit();
    } else {
      out.ascii(text);
    }
  }

  private static double parsed(Object value) throws Misfit {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    String text = value.toString().strip();
    try {
      return switch (text.toLowerCase(java.util.Locale.ROOT)) {
        case "nan" -> Double.NaN;
        case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
        case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    } catch (NumberFormatException e) {
      throw new Misfit();
    }
  }
}
