package io.waybill.batch.row;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Decimal. Digits that the type has no room for are a misfit: ClickHouse would cut them off. */
final class DecimalWriter implements ValueWriter {
  /** More than any type has digits: 1e999999999 is a short text and a gigabyte of zeros. */
  static final int MOST_ZEROS = 400;

  private final int precision;
  private final int scale;

  DecimalWriter(int precision, int scale) {
    this.precision = precision;
    this.scale = scale;
  }

  @Override
  public void write(Object value, JsonOut out) throws Misfit {
    BigDecimal shortest = decimal(value).stripTrailingZeros();
    if (shortest.scale() > scale || shortest.precision() - shortest.scale() > precision - scale) {
      throw new Misfit();
    }
    out.ascii('"').ascii(shortest.toPlainString()).ascii('"');
  }

  /** A number or its text, exactly; of a float, the shortest text that is it. */
  static BigDecimal decimal(Object value) throws Misfit {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof BigInteger number) {
      return new BigDecimal(number);
    }
    if (!(value instanceof Number) && !(value instanceof CharSequence)) {
      throw new Misfit();
    }
    try {
      return new BigDecimal(value.toString().strip());
    } catch (NumberFormatException e) {
      throw new Misfit();
    }
  }

  static BigInteger whole(BigDecimal number) throws Misfit {
    BigDecimal shortest = number.stripTrailingZeros();
    if (shortest.scale() > 0 || -shortest.scale() > MOST_ZEROS) {
      throw new Misfit();
    }
    return shortest.toBigIntegerExact();
  }
}
