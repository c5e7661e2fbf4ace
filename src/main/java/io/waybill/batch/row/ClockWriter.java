package io.waybill.batch.row;

import java.time.LocalTime;

/** Time and Time64: a time of day. Text is for ClickHouse to read. */
final class ClockWriter implements ValueWriter {
  private final int digits;

  ClockWriter(int digits) {
    this.digits = digits;
  }

  @Override
  public void write(Object value, JsonOut out) throws Misfit {
    if (value instanceof CharSequence text) {
      out.string(text);
    } else if (value instanceof LocalTime time) {
      out.ascii('"').padded(time.getHour(), 2).ascii(':').padded(time.getMinute(), 2);
      out.ascii(':').padded(time.getSecond(), 2);
      TimeWriter.fraction(time.getNano(), digits, out);
      out.ascii('"');
    } else {
      throw new Misfit();
    }
  }
}
