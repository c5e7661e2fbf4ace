package io.waybill.clickhouse;

import io.waybill.delivery.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks ClickHouse what its tables look like. Thread-safe. */
public final class Tables {
  /** The column that shows which batch a row came with. */
  public static final String PROVENANCE = "_waybill_batch";

  private static final String PROVENANCE_DEFAULT = "getSetting('insert_deduplication_token')";
  private static final int FIELDS = 5;
  private final ClickHouseClient client;

  public Tables(ClickHouseClient client) {
    this.client = client;
  }

  /**
   * A column.
   *
   * @param name name
   * @param type type as ClickHouse writes it
   * @param defaultKind empty, DEFAULT, MATERIALIZED, ALIAS or EPHEMERAL
   * @param defaultExpression expression, or empty
   */
  public record Column(String name, String type, String defaultKind, String defaultExpression) {
    /** Whether an insert fills it, {@value #PROVENANCE} apart, which fills itself. */
    public boolean isInsertable() {
      return (defaultKind.isEmpty() || defaultKind.equals("DEFAULT")) && !name.equals(PROVENANCE);
    }
  }

  /**
   * A table.
   *
   * @param name name
   * @param uuid its UUID
   * @param engine engine
   * @param engineFull engine with its parameters and settings
   * @param partitionKey partition key, or empty
   */
  public record Table(
      TableName name, String uuid, String engine, String engineFull, String partitionKey) {}

  /** The UUID of a table that is there. */
  public Optional<String> uuid(TableName name) {
    return table(name).map(Table::uuid);
  }

  /**
   * Whether nobody altered the definition of a table since then. A time that lies ahead tells that
   * a clock was set back, and is no proof.
   */
  boolean isUnalteredSince(Instant then, TableName name) {
    Duration passed = Duration.between(then, Instant.now());
    String sql =
        "SELECT dateDiff('second', metadata_modification_time, now()) FROM system.tables WHERE database = %s AND name = %s"
            .formatted(SqlText.literal(name.database()), SqlText.literal(name.table()));
    return !passed.isNegative()
        && client.lines(sql).stream()
            .anyMatch(seconds -> Long.parseLong(seconds) >= passed.toSeconds());
  }

  /** A table that is there and may be seen. */
  public Optional<Table> table(TableName name) {
    return tables(
            "database = "
                + SqlText.literal(name.database())
                + " AND name = "
                + SqlText.literal(name.table()))
        .stream()
        .findFirst();
  }

  /** What the materialized views that read from a table write to, and so on from there. */
  public List<Table> viewTargets(TableName source) {
    List<Table> found = new ArrayList<>();
    List<TableName> open = new ArrayList<>(List.of(source));
    while (!open.isEmpty()) {
      for (Table target : directTargets(open.remove(0))) {
        if (found.stream().noneMatch(known -> known.name().equals(target.name()))) {
          found.add(target);
          open.add(target.name());
        }
      }
    }
    return found;
  }

  private List<Table> directTargets(TableName source) {
    List<Table> targets = new ArrayList<>();
    String sql =
        "SELECT d, v, create_table_query FROM (SELECT arrayJoin(arrayZip(dependencies_database,"
            + " dependencies_table)) AS dep, dep.1 AS d, dep.2 AS v FROM system.tables WHERE database = "
            + SqlText.literal(source.database())
            + " AND name = "
            + SqlText.literal(source.table())
            + ") AS deps INNER JOIN system.tables AS t ON t.database = deps.d AND t.name = deps.v"
            + " WHERE t.engine = 'MaterializedView'";
    for (String line : client.query(QueryRequest.of(sql, "TSV")).lines().toList()) {
      String[] fields = line.split("\t", -1);
      TableName view = new TableName(Tsv.unescape(fields[0]), Tsv.unescape(fields[1]));
      target(view, Tsv.unescape(fields[2])).ifPresent(targets::add);
    }
    return targets;
  }

  private Optional<Table> target(TableName view, String create) {
    Optional<TableName> named = ViewTarget.of(view, create);
    if (named.isPresent()) {
      return table(named.get());
    }
    String uuid = uuid(view).orElse("");
    return table(new TableName(view.database(), ".inner_id." + uuid))
        .or(() -> table(new TableName(view.database(), ".inner." + view.table())));
  }

  private List<Table> tables(String condition) {
    String sql =
        "SELECT database, name, toString(uuid), engine, engine_full, partition_key"
            + " FROM system.tables WHERE "
            + condition;
    List<Table> found = new ArrayList<>();
    for (String line : client.query(QueryRequest.of(sql, "TSV")).lines().toList()) {
      String[] fields = line.split("\t", -1);
      found.add(
          new Table(
              new TableName(Tsv.unescape(fields[0]), Tsv.unescape(fields[1])),
              fields[2],
              fields[3],
              Tsv.unescape(fields[4]),
              Tsv.unescape(fields[FIELDS])));
    }
    return found;
  }

  /** The columns of a table in their order. */
  public List<Column> columns(TableName name) {
    String sql =
        "SELECT name, type, default_kind, default_expression FROM system.columns WHERE database = "
            + SqlText.literal(name.database())
            + " AND table = "
            + SqlText.literal(name.table())
            + " ORDER BY position";
    List<Column> columns = new ArrayList<>();
    for (String line : client.query(QueryRequest.of(sql, "TSV")).lines().toList()) {
      String[] fields = line.split("\t", -1);
      columns.add(
          new Column(
              Tsv.unescape(fields[0]),
              Tsv.unescape(fields[1]),
              fields[2],
              Tsv.unescape(fields[3])));
    }
    return columns;
  }

  /** Names of the columns that an insert fills, {@value #PROVENANCE} apart, which fills itself. */
  public List<String> insertable(TableName name) {
    return columns(name).stream().filter(Column::isInsertable).map(Column::name).toList();
  }

  /** Whether the table notes for each row which batch it came with. */
  public boolean hasProvenance(TableName name) {
    return columns(name).stream()
        .anyMatch(
            column ->
                column.name().equals(PROVENANCE)
                    && column.defaultExpression().contains(PROVENANCE_DEFAULT));
  }
}
