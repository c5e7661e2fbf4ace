package io.waybill.camel.changes;

import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Message;
import org.apache.camel.component.debezium.DebeziumConstants;
import org.apache.kafka.connect.data.Struct;

/**
 * Makes rows of changes as Camel's Debezium components bring them: the row as it is after the
 * change, of one that was deleted what is known of it, with a column that orders the changes of a
 * row and one that says whether it is deleted.
 *
 * @param version name of the former; empty for none
 * @param deleted name of the latter, 1 or 0; empty for none
 */
public record ChangeRows(String version, String deleted) {
  private static final String UNAVAILABLE = "__debezium_unavailable_value";
  private static final String DELETE = "d";
  private static final String TRUNCATE = "t";

  /** Whether a message is a change of a row. */
  public static boolean isChange(Message message) {
    return message.getHeader(DebeziumConstants.HEADER_OPERATION) != null
        && (message.getBody() == null || message.getBody() instanceof Struct);
  }

  /**
   * The row of a change.
   *
   * @throws HeldDeliveryException if there is none: all rows went, or a value was not told
   */
  public Map<String, Object> row(Message message) {
    String operation = message.getHeader(DebeziumConstants.HEADER_OPERATION, String.class);
    if (operation.equals(TRUNCATE)) {
      throw truncated(message);
    }
    boolean gone = operation.equals(DELETE);
    Map<String, Object> row = new LinkedHashMap<>();
    if (gone) {
      struct(message.getHeader(DebeziumConstants.HEADER_BEFORE))
          .ifPresent(before -> row.putAll(ChangeValues.row(before)));
      struct(message.getHeader(DebeziumConstants.HEADER_KEY))
          .ifPresent(key -> row.putAll(ChangeValues.row(key)));
      row.values().removeIf(ChangeRows::isUnavailable);
    } else {
      row.putAll(ChangeValues.row((Struct) message.getBody()));
      requireAll(message, row);
    }
    if (!version.isEmpty()) {
      row.put(version, version(message));
    }
    if (!deleted.isEmpty()) {
      row.put(deleted, gone ? 1 : 0);
    }
    return row;
  }

  private static Optional<Struct> struct(Object value) {
    return value instanceof Struct struct ? Optional.of(struct) : Optional.empty();
  }

  /**
   * Where the change stands in PostgreSQL's log, or where the transaction before it was committed
   * if that is later: an insert may be logged before the delete that it waits for.
   */
  private static Object version(Message message) {
    Map<?, ?> source = message.getHeader(DebeziumConstants.HEADER_SOURCE_METADATA, Map.class);
    long at = source.get("lsn") instanceof Number lsn ? lsn.longValue() : 0;
    return Math.max(at, lastCommit(source.get("sequence")));
  }

  /** Of a text such as {@code ["22981128","22981184"]}; the first may be null. */
  private static long lastCommit(Object sequence) {
    if (sequence == null) {
      return 0;
    }
    String first = sequence.toString().split(",", -1)[0].replaceAll("\\D", "");
    return first.isEmpty() ? 0 : Long.parseLong(first);
  }

  private static boolean isUnavailable(Object value) {
    return value instanceof byte[] bytes
        ? UNAVAILABLE.equals(new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
        : UNAVAILABLE.equals(value);
  }

  private static void requireAll(Message message, Map<String, Object> row) {
    row.forEach(
        (column, value) -> {
          if (isUnavailable(value)) {
            throw new HeldDeliveryException(
                new Failure(
                    Verdict.HOLD,
                    0,
                    "CHANGE_INCOMPLETE",
                    "an update of %s does not tell the column %s, a large value that it left as it was"
                        .formatted(table(message), column),
                    ("ALTER TABLE %s REPLICA IDENTITY FULL tells it from then on; for updates before"
                            + " that, read anew: see docs/operations.md#change_incomplete")
                        .formatted(table(message))));
          }
        });
  }

  private static HeldDeliveryException truncated(Message message) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            0,
            "SOURCE_TRUNCATED",
            table(message) + " was truncated, and no row says so",
            "truncate the target as well if its rows are to go; then add skippedOperations=t to the"
                + " flow's from: URI, and take it out again when it runs"));
  }

  private static String table(Message message) {
    Map<?, ?> source = message.getHeader(DebeziumConstants.HEADER_SOURCE_METADATA, Map.class);
    return source.get("schema") + "." + source.get("table");
  }
}
