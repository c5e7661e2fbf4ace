package io.waybill.ledger;

import io.waybill.audit.AuditField;
import io.waybill.delivery.TableName;
import java.util.Arrays;
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

  private AuditTable() {}

  /** The columns that events bring, in their order. */
  public static List<String> columns() {
    return Arrays.stream(AuditField.values()).map(AuditField::column).toList();
  }

  /** {@code CREATE DATABASE IF NOT EXISTS}. */
  public static String createDatabase() {
    return "CREATE DATABASE IF NOT EXISTS " + TableName.quote(NAME.database());
  }

  /** {@code CREATE TABLE IF NOT EXISTS}, with a deduplication window and synced parts. */
  public static String createTable() {
    String columns =
        Arrays.stream(AuditField.values())
            .map(AuditTable::definition)
            .collect(Collectors.joining(",\n  ", "  ", ""));
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
        Arrays.stream(AuditField.values())
            .map(field -> "ADD COLUMN IF NOT EXISTS " + definition(field))
            .collect(Collectors.joining(", "));
    return "ALTER TABLE %s %s".formatted(NAME.quoted(), columns);
  }

  private static String definition(AuditField field) {
    return "%s %s COMMENT '%s'"
        .formatted(TableName.quote(field.column()), type(field.type()), field.meaning());
  }

  private static String type(AuditField.Type type) {
    return switch (type) {
      case TIME -> "DateTime64(6, 'UTC')";
      case UUID -> "UUID";
      case NAME -> "LowCardinality(String)";
      case TEXT -> "String";
      case NAMES -> "Array(String)";
      case UINT32 -> "UInt32";
      case UINT64 -> "UInt64";
      case INT32 -> "Int32";
    };
  }
}
