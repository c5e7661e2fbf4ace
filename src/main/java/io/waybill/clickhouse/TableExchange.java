package io.waybill.clickhouse;

import io.waybill.delivery.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Replaces a table by another one that was loaded beside it, so that readers see the one or the
 * other. Which of them stands under the name is told by its UUID. All methods throw {@link
 * QueryFailedException}. Thread-safe.
 */
public final class TableExchange {
  private static final String RELOAD = "_reload_";
  private static final List<String> KEEPING_UUIDS = List.of("Atomic", "Replicated", "Shared");
  private final ClickHouseClient client;
  private final Tables tables;

  public TableExchange(ClickHouseClient client) {
    this.client = client;
    this.tables = new Tables(client);
  }

  /** The name under which a run loads. */
  public static TableName fresh(TableName target, String run) {
    return new TableName(target.database(), target.table() + RELOAD + run);
  }

  /** Makes a table like the target, if it is not there yet. */
  public void make(TableName fresh, TableName target) {
    execute("CREATE TABLE IF NOT EXISTS " + fresh.quoted() + " AS " + target.quoted());
  }

  /** Whether a table has no rows. */
  public boolean isEmpty(TableName table) {
    return client.lines("SELECT 1 FROM " + table.quoted() + " LIMIT 1").isEmpty();
  }

  /** The UUID of a table that is there. */
  public Optional<String> uuid(TableName table) {
    return tables.uuid(table);
  }

  /**
   * Puts the table of this UUID under the target's name, once, whatever came of an earlier try. It
   * gets a name of its own for each try: a statement that is still on its way from an earlier one
   * finds its table no more, and cannot change the two back.
   *
   * @return whether it stands there now; false if there is no such table
   */
  public boolean exchange(TableName target, String uuid) {
    if (stands(target, uuid)) {
      return true;
    }
    Optional<TableName> now = named(target.database(), uuid);
    if (now.isEmpty()) {
      return false;
    }
    TableName own = ownName(now.get());
    execute("RENAME TABLE " + now.get().quoted() + " TO " + own.quoted());
    if (stands(own, uuid)) {
      execute("EXCHANGE TABLES " + own.quoted() + " AND " + target.quoted());
    }
    return stands(target, uuid);
  }

  private boolean stands(TableName name, String uuid) {
    return tables.uuid(name).filter(uuid::equals).isPresent();
  }

  private static TableName ownName(TableName table) {
    String stem = table.table().replaceFirst("\\.[0-9a-f]{8}$", "");
    return new TableName(
        table.database(), stem + "." + UUID.randomUUID().toString().substring(0, 8));
  }

  private Optional<TableName> named(String database, String uuid) {
    return client
        .lines(
            "SELECT name FROM system.tables WHERE database = %s AND uuid = toUUIDOrZero(%s)"
                .formatted(SqlText.literal(database), SqlText.literal(uuid)))
        .stream()
        .findFirst()
        .map(name -> new TableName(database, name));
  }

  /**
   * A table that a reload left.
   *
   * @param name its name
   * @param run the run that loaded or replaced it
   */
  public record Leftover(TableName name, String run) {}

  /** Tables beside the target that reloads made, loaded or replaced. */
  public List<Leftover> leftovers(TableName target) {
    String stem = target.table() + RELOAD;
    List<Leftover> found = new ArrayList<>();
    for (String name :
        client.lines(
            "SELECT name FROM system.tables WHERE database = %s AND startsWith(name, %s) ORDER BY name"
                .formatted(SqlText.literal(target.database()), SqlText.literal(stem)))) {
      String run = name.substring(stem.length()).replaceFirst("\\..*$", "");
      found.add(new Leftover(new TableName(target.database(), name), run));
    }
    return found;
  }

  /** Drops a table, however large. */
  public void drop(TableName table) {
    execute("DROP TABLE IF EXISTS " + table.quoted() + " SETTINGS max_table_size_to_drop = 0");
  }

  private void execute(String sql) {
    client.query(QueryRequest.of(sql, "TSV"));
  }

  /** What keeps a table from being replaced; none if it is not there yet. */
  public List<Finding> look(TableName target) {
    try {
      Optional<Tables.Table> table = tables.table(target);
      List<Finding> findings = new ArrayList<>();
      table.ifPresent(
          found -> {
            place(found).ifPresent(findings::add);
            views(target).ifPresent(findings::add);
          });
      return findings;
    } catch (QueryFailedException e) {
      return List.of(Finding.hold(e, "see ./waybill check"));
    }
  }

  private Optional<Finding> place(Tables.Table table) {
    String database = table.name().database();
    String engine =
        client
            .lines("SELECT engine FROM system.databases WHERE name = " + SqlText.literal(database))
            .stream()
            .findFirst()
            .orElse("");
    if (!KEEPING_UUIDS.contains(engine)) {
      return Optional.of(
          Finding.hold(
              "RELOAD_DATABASE",
              "database %s has the engine %s, which cannot exchange tables"
                  .formatted(database, engine),
              "put the table into an Atomic database, or leave reload= out"));
    }
    boolean replicated = table.engine().startsWith("Replicated");
    boolean merge = table.engine().endsWith("MergeTree");
    return merge && (!replicated || !engine.equals("Atomic"))
        ? Optional.empty()
        : Optional.of(
            Finding.hold(
                "RELOAD_ENGINE",
                "table %s has the engine %s in a database of the engine %s, and would be exchanged on one server only"
                    .formatted(table.name(), table.engine(), engine),
                "use a MergeTree table, a Replicated one in a Replicated database, or leave reload= out"));
  }

  private Optional<Finding> views(TableName target) {
    List<String> views =
        client.lines(
            "SELECT arrayJoin(dependencies_table) FROM system.tables WHERE database = %s AND name = %s"
                .formatted(SqlText.literal(target.database()), SqlText.literal(target.table())));
    return views.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.hold(
                "RELOAD_VIEWS",
                "materialized views read what is inserted into %s, and would not see a table that is loaded beside it: %s"
                    .formatted(target, String.join(", ", views)),
                "fill their targets in a step behind waybill: instead, or leave reload= out"));
  }
}
