package io.waybill.camel.changes;

import io.debezium.data.Envelope;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What a record of Debezium is, and whether all that belongs together ends with it.
 *
 * <p>An offset within a transaction is not one to begin at again: PostgreSQL gives several rows of
 * one COPY the same position, and Debezium would take one of them for all. So offsets are kept
 * where a transaction or a snapshot ends, and what is sent again begins with the first row of one.
 */
final class ChangeRecord {
  private static final String TRANSACTION = "io.debezium.connector.common.TransactionMetadataValue";
  private static final String HEARTBEAT = "io.debezium.connector.common.Heartbeat";
  private final SourceRecord source;

  ChangeRecord(SourceRecord source) {
    this.source = source;
  }

  /** Whether it is a change of a row, or of all rows, rather than a note of Debezium's. */
  boolean isChange() {
    return source.value() instanceof Struct && Envelope.isEnvelopeSchema(source.valueSchema());
  }

  boolean beginsTransaction() {
    return isTransaction("BEGIN");
  }

  boolean endsTransaction() {
    return isTransaction("END");
  }

  private boolean isTransaction(String status) {
    return hasSchema(TRANSACTION) && status.equals(((Struct) source.value()).getString("status"));
  }

  boolean isHeartbeat() {
    return hasSchema(HEARTBEAT);
  }

  boolean endsSnapshot() {
    return isChange() && "last".equals(snapshot());
  }

  private String snapshot() {
    Object snapshot = change().getStruct(Envelope.FieldName.SOURCE).get("snapshot");
    return snapshot == null ? "false" : snapshot.toString();
  }

  private boolean hasSchema(String name) {
    Schema schema = source.valueSchema();
    return schema != null && name.equals(schema.name()) && source.value() instanceof Struct;
  }

  private Struct change() {
    return (Struct) source.value();
  }

  /**
   * What tells the change from all others, also when it is sent again. A row of a snapshot has no
   * number: it is told by what it holds, so that one that is read again unchanged is known.
   */
  String id() {
    Struct change = change();
    Struct from = change.getStruct(Envelope.FieldName.SOURCE);
    String place = source.topic() + "/" + from.get("db");
    if (Envelope.Operation.READ.code().equals(change.getString(Envelope.FieldName.OPERATION))) {
      return "%s/snapshot/%s/%s"
          .formatted(place, text(source.key()), text(change.getStruct(Envelope.FieldName.AFTER)));
    }
    long number =
        Optional.ofNullable(change.getStruct(Envelope.FieldName.TRANSACTION))
            .map(transaction -> transaction.getInt64("total_order"))
            .orElse(0L);
    return "%s/%s/%s/%d".formatted(place, from.get("txId"), from.get("lsn"), number);
  }

  /** All of a value, so that different ones have different texts. */
  private static String text(Object value) {
    if (value instanceof Struct struct) {
      return struct.schema().fields().stream()
          .map(field -> field.name() + '=' + text(struct.getWithoutDefault(field.name())))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return HexFormat.of().formatHex(copy);
    }
    if (value instanceof List<?> elements) {
      return elements.stream().map(ChangeRecord::text).collect(Collectors.joining(",", "[", "]"));
    }
    String text = String.valueOf(value);
    return text.length() + ":" + text;
  }
}
