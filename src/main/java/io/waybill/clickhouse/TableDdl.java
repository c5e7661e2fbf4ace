package io.waybill.clickhouse;

import io.waybill.clickhouse.Inference.Inferred;
import io.waybill.delivery.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The CREATE TABLE for columns that were inferred: a MergeTree that deduplicates, notes the batch
 * of each row, and syncs what it acknowledges.
 *
 * @param sql the statement, IF NOT EXISTS
 * @param why why this sorting key
 */
public record TableDdl(String sql, String why) {
  /** Tokens that a table remembers. */
  public static final int WINDOW = 10_000;

  /**
   * Makes the statement.
   *
   * @param orderBy sorting key, column names with commas; empty to have it chosen
   * @param provenance whether the table notes the batch of each row
   * @throws ReservedColumnException if the source has a column that Waybill fills itself
   * @throws IllegalArgumentException if the sorting key names a column that is not there
   */
  public static TableDdl of(
      TableName table, List<Inferred> columns, String orderBy, boolean provenance) {
    if (columns.stream().map(Inferred::name).anyMatch(Tables.PROVENANCE::equals)) {
      throw new ReservedColumnException();
    }
    List<String> key = given(orderBy, columns);
    String why = "as orderBy says";
    if (key.isEmpty()) {
      Optional<Inferred> chosen = choose(columns);
      key = chosen.map(column -> List.of(column.name())).orElse(List.of());
      why = chosen.map(TableDdl::because).orElse("no column has a value in every row");
    }
    List<String> lines = new ArrayList<>();
    for (Inferred column : columns) {
      // a sorting key may not be Nullable
      String type = key.contains(column.name()) ? column.plainType() : column.type();
      lines.add("  " + TableName.quote(column.name()) + " " + type);
    }
    if (provenance) {
      lines.add("  " + provenanceColumn());
    }
    String order = key.stream().map(TableName::quote).collect(Collectors.joining(", ", "(", ")"));
    String sql =
        """
        CREATE TABLE IF NOT EXISTS %s
        (
        %s
        )
        ENGINE = MergeTree
        ORDER BY %s
        SETTINGS non_replicated_deduplication_window = %d, fsync_after_insert = 1, fsync_part_directory = 1"""
            .formatted(
                table.quoted(),
                String.join(",\n", lines),
                key.isEmpty() ? "tuple()" : order,
                WINDOW);
    return new TableDdl(sql, why);
  }

  /** The column that notes the batch of each row; it fills itself. */
  public static String provenanceColumn() {
    return Tables.PROVENANCE
        + " LowCardinality(String) DEFAULT getSetting('insert_deduplication_token')";
  }

  /** The database of a table. */
  public static String createDatabase(TableName table) {
    return "CREATE DATABASE IF NOT EXISTS " + TableName.quote(table.database());
  }

  private static List<String> given(String orderBy, List<Inferred> columns) {
    List<String> key =
        Arrays.stream(orderBy.split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    List<String> names = columns.stream().map(Inferred::name).toList();
    for (String name : key) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "orderBy names " + name + "; the columns are " + String.join(", ", names));
      }
    }
    return key;
  }

  private static Optional<Inferred> choose(List<Inferred> columns) {
    List<Inferred> full =
        columns.stream()
            .filter(column -> !column.hasNulls() && isSortable(column.plainType()))
            .toList();
    return full.stream()
        .filter(column -> column.plainType().startsWith("Date"))
        .findFirst()
        .or(() -> full.stream().findFirst());
  }

  private static boolean isSortable(String type) {
    return !type.startsWith("Array")
        && !type.startsWith("Map")
        && !type.startsWith("Tuple")
        && !type.startsWith("JSON")
        && !type.startsWith("Float");
  }

  private static String because(Inferred column) {
    return column.plainType().startsWith("Date")
        ? column.name()
            + " is the first time that every row has: queries mostly ask for a span of it"
        : column.name() + " is the first column that every row has, and there is no time";
  }
}
