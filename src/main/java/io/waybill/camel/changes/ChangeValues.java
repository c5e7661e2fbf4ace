package io.waybill.camel.changes;

import io.debezium.data.VariableScaleDecimal;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Makes values of Debezium plain ones of Java, by the names of their schemas. A timestamp without
 * time zone is a {@link LocalDateTime}: what the clock on the wall says.
 */
final class ChangeValues {
  private static final long MILLIS = 1_000L;
  private static final long MICROS = 1_000_000L;
  private static final long NANOS = 1_000_000_000L;

  private ChangeValues() {}

  static Object of(Schema schema, Object value) {
    if (value == null) {
      return null;
    }
    String name = schema.name() == null ? "" : schema.name();
    return switch (name) {
      case "io.debezium.time.Date" -> LocalDate.ofEpochDay((Integer) value);
      case "io.debezium.time.Timestamp" -> wallClock((Long) value, MILLIS);
      case "io.debezium.time.MicroTimestamp" -> wallClock((Long) value, MICROS);
      case "io.debezium.time.NanoTimestamp" -> wallClock((Long) value, NANOS);
      case "io.debezium.time.Time" -> timeOfDay(TimeUnit.MILLISECONDS, (Integer) value);
      case "io.debezium.time.MicroTime" -> timeOfDay(TimeUnit.MICROSECONDS, (Long) value);
      case "io.debezium.time.NanoTime" -> timeOfDay(TimeUnit.NANOSECONDS, (Long) value);
      case "io.debezium.time.ZonedTimestamp" -> pointInTime((String) value);
      case VariableScaleDecimal.LOGICAL_NAME -> decimal((Struct) value);
      default -> byShape(schema, value);
    };
  }

  private static Object byShape(Schema schema, Object value) {
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (value instanceof Struct struct) {
      return row(struct);
    }
    if (value instanceof List<?> elements) {
      return elements.stream().map(each -> of(schema.valueSchema(), each)).toList();
    }
    if (value instanceof Map<?, ?> entries) {
      Map<Object, Object> map = new LinkedHashMap<>();
      entries.forEach((key, each) -> map.put(key, of(schema.valueSchema(), each)));
      return map;
    }
    return value;
  }

  /** The fields of a row, in their order. */
  static Map<String, Object> row(Struct struct) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (Field field : struct.schema().fields()) {
      row.put(field.name(), of(field.schema(), struct.getWithoutDefault(field.name())));
    }
    return row;
  }

  private static LocalDateTime wallClock(long units, long perSecond) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(units, perSecond),
        (int) (Math.floorMod(units, perSecond) * (NANOS / perSecond)),
        ZoneOffset.UTC);
  }

  /** PostgreSQL knows 24:00 as the end of a day, Java does not. */
  private static Object timeOfDay(TimeUnit unit, long units) {
    long nanos = unit.toNanos(units);
    return nanos == TimeUnit.DAYS.toNanos(1) ? "24:00:00" : LocalTime.ofNanoOfDay(nanos);
  }

  private static Object pointInTime(String text) {
    try {
      return Instant.from(OffsetDateTime.parse(text));
    } catch (java.time.DateTimeException e) {
      return text; // infinity and the like
    }
  }

  private static Object decimal(Struct value) {
    return VariableScaleDecimal.toLogical(value)
        .getDecimalValue()
        .map(BigDecimal.class::cast)
        .map(Object.class::cast)
        .orElseGet(value::toString);
  }
}
