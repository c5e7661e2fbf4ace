package io.waybill.batch.row;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Map;

/** Any value as JSON, where no type says how: columns of type JSON, fields that no column has. */
final class NaturalWriter implements ValueWriter {
  static final NaturalWriter INSTANCE = new NaturalWriter();

  /** Columns of type JSON take a document also as text. */
  static final ValueWriter DOCUMENT =
      (value, out) -> {
        String text = value instanceof CharSequence ? value.toString().strip() : "";
        if (text.startsWith("{")) {
          // an end of line is but a blank there, and here it would end the row
          out.raw(text.replaceAll("\\R", " ").getBytes(StandardCharsets.UTF_8));
        } else {
          INSTANCE.write(value, out);
        }
      };

  private NaturalWriter() {}

  @Override
  public void write(Object value, JsonOut out) throws Misfit {
    if (value instanceof Boolean) {
      out.ascii(value.toString());
    } else if (value instanceof Number number) {
      number(number, out);
    } else if (value instanceof Map<?, ?> map) {
      object(map, out);
    } else if (value instanceof Iterable<?> values) {
      array(values, out);
    } else if (value.getClass().isArray() && !(value instanceof byte[])) {
      array(Elements.of(value), out);
    } else if (value instanceof LocalDateTime time) {
      out.string(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
    } else if (value instanceof Date date) {
      out.string(date.toInstant().toString());
    } else {
      TextWriters.STRING.write(value, out);
    }
  }

  private static void number(Number number, JsonOut out) {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        out.string(number.toString());
        return;
      }
    }
    boolean plain =
        number instanceof BigDecimal exact && Math.abs(exact.scale()) <= DecimalWriter.MOST_ZEROS;
    out.ascii(plain ? ((BigDecimal) number).toPlainString() : number.toString());
  }

  private void object(Map<?, ?> map, JsonOut out) throws Misfit {
    char before = '{';
    for (Map.Entry<?, ?> each : map.entrySet()) {
      out.ascii(before).string(String.valueOf(each.getKey())).ascii(':');
      writeOrNull(each.getValue(), out);
      before = ',';
    }
    out.ascii(before == '{' ? "{}" : "}");
  }

  private void array(Iterable<?> values, JsonOut out) throws Misfit {
    char before = '[';
    for (Object each : values) {
      out.ascii(before);
      writeOrNull(each, out);
      before = ',';
    }
    out.ascii(before == '[' ? "[]" : "]");
  }
}
