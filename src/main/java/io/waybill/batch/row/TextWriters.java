package io.waybill.batch.row;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Writers of types that look like text. */
final class TextWriters {
  /** String: text and bytes as they are; numbers, times and the like as text, maps as JSON. */
  static final ValueWriter STRING = TextWriters::text;

  /** UUID. */
  static final ValueWriter UUIDS =
      (value, out) -> required(value instanceof UUID || isText(value), value, out);

  /** Enum8 and Enum16, by name or by number. */
  static final ValueWriter ENUM = TextWriters::enumeration;

  /** Bool. */
  static final ValueWriter BOOL = TextWriters::bool;

  /** IPv4 and IPv6. */
  static final ValueWriter ADDRESS = TextWriters::address;

  private TextWriters() {}

  static ValueWriter fixed(int length) {
    return (value, out) -> {
      int bytes =
          value instanceof byte[] raw
              ? raw.length
              : value.toString().getBytes(StandardCharsets.UTF_8).length;
      if (bytes > length) {
        throw new Misfit();
      }
      text(value, out);
    };
  }

  private static boolean isText(Object value) {
    return value instanceof CharSequence;
  }

  private static void required(boolean fits, Object value, JsonOut out) throws Misfit {
    if (!fits) {
      throw new Misfit();
    }
    out.string(value.toString());
  }

  private static void text(Object value, JsonOut out) throws Misfit {
    if (value instanceof CharSequence text) {
      out.string(text);
    } else if (value instanceof byte[] bytes) {
      out.string(bytes);
    } else if (value instanceof Map || value instanceof Iterable || value.getClass().isArray()) {
      JsonOut json = new JsonOut();
      NaturalWriter.INSTANCE.write(value, json);
      out.string(json.toByteArray());
    } else {
      required(isPlain(value), value instanceof Enum<?> name ? name.name() : value, out);
    }
  }

  private static boolean isPlain(Object value) {
    return value instanceof Number
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum
        || value instanceof UUID
        || value instanceof TemporalAccessor
        || value instanceof InetAddress;
  }

  private static void enumeration(Object value, JsonOut out) throws Misfit {
    if (value instanceof Number number) {
      out.number(DecimalWriter.whole(DecimalWriter.decimal(number)).longValue());
    } else {
      required(
          isText(value) || value instanceof Enum,
          value instanceof Enum<?> name ? name.name() : value,
          out);
    }
  }

  private static void bool(Object value, JsonOut out) throws Misfit {
    if (value instanceof Boolean truth) {
      out.ascii(truth ? "true" : "false");
      return;
    }
    String text = value.toString().strip().toLowerCase(Locale.ROOT);
    boolean isTrue = text.equals("1") || text.equals("true");
    if (!isTrue && !text.equals("0") && !text.equals("false")) {
      throw new Misfit();
    }
    out.ascii(isTrue ? "true" : "false");
  }

  private static void address(Object value, JsonOut out) throws Misfit {
    if (value instanceof InetAddress address) {
      out.string(address.getHostAddress().replaceFirst("%.*", ""));
    } else {
      required(isText(value), value, out);
    }
  }
}
