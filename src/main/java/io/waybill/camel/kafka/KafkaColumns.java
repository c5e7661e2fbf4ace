package io.waybill.camel.kafka;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What is put into each row of what its record says, as fields of JSON. The columns are those that
 * ClickHouse's own Kafka engine has, if none are named. Immutable.
 */
final class KafkaColumns {
  private static final List<String> KNOWN =
      List.of("topic", "partition", "offset", "timestamp", "key", "headers");

  /** No fields. */
  static final byte[] NONE = {};

  private final Map<String, String> columns = new LinkedHashMap<>();

  /**
   * Reads {@code offset,key:name}.
   *
   * @throws IllegalArgumentException if it names something that a record does not have
   */
  KafkaColumns(String text) {
    for (String each : text.isBlank() ? new String[0] : text.split(",", -1)) {
      String[] parts = each.strip().split(":", 2);
      if (!KNOWN.contains(parts[0]) || (parts.length > 1 && parts[1].isBlank())) {
        throw new IllegalArgumentException(
            "kafkaColumns: '%s' is none of %s, with or without :COLUMN"
                .formatted(each.strip(), String.join(", ", KNOWN)));
      }
      columns.put(parts[0], parts.length > 1 ? parts[1] : "_" + parts[0]);
    }
  }

  /** The fields of a record, with commas between them. */
  byte[] fields(ConsumerRecord<?, ?> record) {
    if (columns.isEmpty()) {
      return NONE;
    }
    JsonText out = new JsonText();
    columns.forEach(
        (what, column) -> {
          out.comma().string(column).raw(":");
          value(what, record, out);
        });
    return out.bytes();
  }

  private static void value(String what, ConsumerRecord<?, ?> record, JsonText out) {
    switch (what) {
      case "topic" -> out.string(record.topic());
      case "partition" -> out.raw(Integer.toString(record.partition()));
      case "offset" -> out.raw(Long.toString(record.offset()));
      case "timestamp" -> out.string(Instant.ofEpochMilli(record.timestamp()).toString());
      case "key" -> out.stringOrNull(record.key());
      default -> headers(record, out);
    }
  }

  private static void headers(ConsumerRecord<?, ?> record, JsonText out) {
    Map<String, byte[]> last = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      last.put(header.key(), header.value());
    }
    JsonText map = new JsonText();
    last.forEach((name, value) -> map.comma().string(name).raw(":").stringOrNull(value));
    out.raw("{").raw(map.bytes()).raw("}");
  }

  /** JSON while it is written. */
  private static final class JsonText {
    private static final int BLANK = ' ';
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

    JsonText comma() {
      return out.size() == 0 ? this : raw(",");
    }

    JsonText raw(String text) {
      return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    JsonText raw(byte[] text) {
      out.writeBytes(text);
      return this;
    }

    JsonText stringOrNull(Object value) {
      if (value == null) {
        return raw("null");
      }
      return value instanceof byte[] bytes ? string(bytes) : string(value.toString());
    }

    JsonText string(String text) {
      return string(text.getBytes(StandardCharsets.UTF_8));
    }

    private JsonText string(byte[] text) {
      out.write('"');
      for (byte b : text) {
        if (b == '"' || b == '\\') {
          out.write('\\');
          out.write(b);
        } else if (b >= 0 && b < BLANK) {
          raw("\\u%04x".formatted(b));
        } else {
          out.write(b);
        }
      }
      out.write('"');
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
