package io.waybill.ledger;

import io.waybill.delivery.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table in ClickHouse that audit events go to. Immutable.
 *
 * <p>It is not partitioned: a block that falls into one partition is written as a whole.
 */
public final class AuditTable {
  /** Its name. */
  public static final TableName NAME = new TableName("waybill", "audit");

  private static final String NAMES = "LowCardinality(String)";
  private static final String TIME = "DateTime64(6, 'UTC')";

  private static final List<Column> COLUMNS =
      List.of(
          new Column("time", TIME, "when the outcome was known"),
          new Column("ledger", "UUID", "id of the ledger that wrote the event"),
          new Column("epoch", "UInt32", "one more each time the ledger was adopted"),
          new Column("seq", "UInt64", "number of the event in ledger and epoch, without gaps"),
          new Column(
              "kind",
              NAMES,
              "batch; dead-letters when some of a batch were replayed or discarded; reconcile;"
                  + " route-file"),
          new Column("flow", NAMES, "route id"),
          new Column("run", "String", "run id"),
          new Column("batch", "String", "batch id"),
          new Column(
              "source", "String", "what identifies the source within its flow; a route file"),
          new Column("location", "String", "where a person finds the source"),
          new Column("position_from", "UInt64", "first byte, inclusive"),
          new Column("position_to", "UInt64", "last byte, exclusive"),
          new Column("first_record", "UInt64", "number of the first record, from 1"),
          new Column("database", NAMES, "target"),
          new Column("table", NAMES, "target"),
          new Column("format", NAMES, "as ClickHouse names it"),
          new Column("rows", "UInt64", "records of the batch"),
          new Column("parent", "String", "batch that it took the place of, without bad records"),
          new Column("bytes", "UInt64", "payload, header line included"),
          new Column("digest", "String", "hex SHA-256 of the payload, or of the route file"),
          new Column("token", "String", "insert_deduplication_token"),
          new Column("query_id", "String", "of all attempts"),
          new Column("attempts", "UInt32", "how often it was sent"),
          new Column(
              "outcome",
              NAMES,
              "committed, split or dead; of dead letters replayed or discarded; missing; of a route"
                  + " file loaded, changed, removed or refused"),
          new Column("dead_rows", "UInt64", "records that became dead letters"),
          new Column("error_code", "Int32", "0 when committed"),
          new Column("error_name", NAMES, "empty when committed"),
          new Column("reason", "String", "empty when committed"),
          new Column("clickhouse_host", NAMES, "who answered"),
          new Column("clickhouse_user", NAMES, "who wrote"),
          new Column(
              "ordered_by", NAMES, "who decided what no batch decides; who wrote the route file"),
          new Column("planned_at", TIME, "when the batch was written down"),
          new Column("elapsed_ms", "UInt64", "first byte to answer, last attempt"),
          new Column("host", NAMES, "host of Waybill"),
          new Column("waybill_version", NAMES, "version of Waybill"),
          new Column("digest_before", "String", "of the route file that was loaded before"),
          new Column("flows", "Array(String)", "flows of the route file"));

  private AuditTable() {}

  /** The columns that events bring, in their order. */
  public static List<String> columns() {
    return COLUMNS.stream().map(Column::name).toList();
  }

  /** {@code CREATE DATABASE IF NOT EXISTS}. */
  public static String createDatabase() {
    return "CREATE DATABASE IF NOT EXISTS " + TableName.quote(NAME.database());
  }

  /** {@code CREATE TABLE IF NOT EXISTS}, with a deduplication window and synced parts. */
  public static String createTable() {
    String columns =
        COLUMNS.stream().map(Column::definition).collect(Collectors.joining(",\n  ", "  ", ""));
    return """
        CREATE TABLE IF NOT EXISTS %s (
        %s,
          `_waybill_batch` LowCardinality(String) DEFAULT getSetting('insert_deduplication_token')
        ) ENGINE = MergeTree ORDER BY (time, ledger, epoch, seq)
        SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, \
        fsync_part_directory = 1"""
        .formatted(NAME.quoted(), columns);
  }

  /** {@code ALTER TABLE}: gives a table that an older Waybill made the columns that it lacks. */
  public static String upgradeTable() {
    String columns =
        COLUMNS.stream()
            .map(column -> "ADD COLUMN IF NOT EXISTS " + column.definition())
            .collect(Collectors.joining(", "));
    return "ALTER TABLE %s %s".formatted(NAME.quoted(), columns);
  }

  private record Column(String name, String type, String comment) {
    String definition() {
      return "%s %s COMMENT '%s'".formatted(TableName.quote(name), type, comment);
    }
  }
}
