package io.waybill.batch.row;

import java.math.BigInteger;

/** Int8 to UInt256. What is out of range is a misfit: ClickHouse would wrap it silently. */
final class IntegerWriter implements ValueWriter {
  private final BigInteger least;
  private final BigInteger most;
  private final long leastLong;
  private final long mostLong;

  private IntegerWriter(BigInteger least, BigInteger most) {
    this.least = least;
    this.most = most;
    BigInteger smallest = BigInteger.valueOf(Long.MIN_VALUE);
    BigInteger largest = BigInteger.valueOf(Long.MAX_VALUE);
    this.leastLong = least.max(smallest).longValueExact();
    this.mostLong = most.min(largest).longValueExact();
  }

  static IntegerWriter signed(int bits) {
    BigInteger half = BigInteger.ONE.shiftLeft(bits - 1);
    return new IntegerWriter(half.negate(), half.subtract(BigInteger.ONE));
  }

  static IntegerWriter unsigned(int bits) {
    return new IntegerWriter(
        BigInteger.ZERO, BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
  }

  @Override
  public void write(Object value, JsonOut out) throws Misfit {
    if (value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte) {
      long number = ((Number) value).longValue();
      if (number < leastLong || number > mostLong) {
        throw new Misfit();
      }
      out.number(number);
    } else {
      BigInteger number = whole(value);
      if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
        throw new Misfit();
      }
      out.ascii('"').ascii(number.toString()).ascii('"');
    }
  }

  private static BigInteger whole(Object value) throws Misfit {
    if (value instanceof BigInteger number) {
      return number;
    }
    if (value instanceof Boolean truth) {
      return truth ? BigInteger.ONE : BigInteger.ZERO;
    }
    if (value instanceof Number || value instanceof CharSequence) {
      return DecimalWriter.whole(DecimalWriter.decimal(value));
    }
    throw new Misfit();
  }
}
