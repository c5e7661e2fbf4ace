package io.waybill.clickhouse;

import io.waybill.clickhouse.Tables.Column;
import io.waybill.clickhouse.Tables.Table;
import io.waybill.delivery.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a table drops a block that it has already. For Replicated, Shared and Distributed tables
 * the rules follow ClickHouse's documentation; they were not run against a cluster.
 */
final class DeduplicationRules {
  private static final Pattern RANDOM =
      Pattern.compile(
          "\\b(now|now64|today|yesterday|rand|rand32|rand64|generateUUIDv4|generateUUIDv7|"
              + "randConstant|nowInBlock|rowNumberInBlock|rowNumberInAllBlocks)\\s*\\(");
  private static final Pattern DISTRIBUTED =
      Pattern.compile(
          "^Distributed\\('([^']*)', '([^']*)', '([^']*)'(?:, (.*?))?\\)(?: SETTINGS .*)?$",
          Pattern.DOTALL);
  private final ClickHouseClient client;
  private final Tables tables;
  private final WindowNeed need;

  DeduplicationRules(ClickHouseClient client, Duration horizon) {
    this.client = client;
    this.tables = new Tables(client);
    this.need = new WindowNeed(client, horizon);
  }

  /** All that there is to say of a table, and of what its rows reach: views' targets, shards. */
  List<Finding> look(Table table, int inFlight) {
    List<Finding> findings = new ArrayList<>();
    List<Table> targets = tables.viewTargets(table.name());
    findings.add(
        table.engine().equals("Null") && targets.isEmpty() ? forgets(table) : engine(table));
    findings.addAll(ofParts(table, inFlight));
    for (Table target : targets) {
      findings.add(engine(target));
      findings.addAll(ofParts(target, inFlight));
    }
    return findings;
  }

  private List<Finding> ofParts(Table table, int inFlight) {
    List<Finding> findings = new ArrayList<>();
    window(table, inFlight).ifPresent(findings::add);
    partitionKey(table, tables.columns(table.name())).ifPresent(findings::add);
    if (table.engine().equals("Distributed")) {
      findings.addAll(shards(table, inFlight));
    }
    return findings;
  }

  private static Finding forgets(Table table) {
    return Finding.hold(
        "ENGINE",
        "table %s has the engine Null and no materialized view: it keeps nothing"
            .formatted(table.name()),
        "make a materialized view that reads from it, or deliver into a MergeTree table");
  }

  private Finding engine(Table table) {
    String engine = table.engine();
    if (engine.startsWith("Shared")) {
      return Finding.warn(
          "ENGINE", "%s is %s, which was not tried here".formatted(table.name(), engine), "");
    }
    if (engine.endsWith("MergeTree") || engine.equals("Null")) {
      return Finding.ok("ENGINE", table.name() + " is a " + engine);
    }
    if (engine.equals("Distributed")) {
      return distributed(table);
    }
    return Finding.hold(
        "ENGINE",
        "table %s has the engine %s, which does not drop a block that it has already"
            .formatted(table.name(), engine),
        "deliver into a MergeTree table");
  }

  private Finding distributed(Table table) {
    boolean foreground =
        client
            .lines("SELECT value FROM system.settings WHERE name = 'distributed_foreground_insert'")
            .equals(List.of("1"));
    return foreground
        ? Finding.ok("ENGINE", table.name() + " is Distributed and inserts in the foreground")
        : Finding.hold(
            "ENGINE",
            "table %s is Distributed and inserts in the background: an answer proves nothing"
                .formatted(table.name()),
            "set distributed_foreground_insert=1 in the profile of the user");
  }

  /** A retry has to go to the same shard, by one replica, into a table that drops it. */
  private List<Finding> shards(Table table, int inFlight) {
    Matcher distributed = DISTRIBUTED.matcher(table.engineFull());
    if (!distributed.find()) {
      return List.of(
          Finding.warn(
              "SHARDS", table.name() + " is Distributed; its local tables were not looked at", ""));
    }
    List<Finding> findings = new ArrayList<>();
    String key = Optional.ofNullable(distributed.group(4)).orElse("");
    if (RANDOM.matcher(key).find()) {
      findings.add(
          Finding.hold(
              "SHARDING_KEY",
              "the sharding key of %s, %s, is another one at each attempt"
                  .formatted(table.name(), key),
              "shard by a column that the source brings, such as cityHash64(id)"));
    }
    replication(table, distributed.group(1)).ifPresent(findings::add);
    String database = distributed.group(2).isEmpty() ? "default" : distributed.group(2);
    TableName local = new TableName(database, distributed.group(3));
    Optional<Table> here = tables.table(local);
    if (here.isPresent()) {
      findings.addAll(look(here.get(), inFlight));
    } else {
      findings.add(
          Finding.warn(
              "SHARDS",
              "the local tables %s of %s are not on this server and were not looked at"
                  .formatted(local, table.name()),
              "see that each of them deduplicates"));
    }
    return findings;
  }

  /** Without internal_replication the Distributed table writes each replica by itself. */
  private Optional<Finding> replication(Table table, String cluster) {
    try {
      List<String> without =
          client.lines(
              "SELECT toString(shard_num) FROM system.clusters WHERE cluster = %s GROUP BY shard_num HAVING count() > 1 AND min(internal_replication) = 0"
                  .formatted(SqlText.literal(cluster)));
      return without.isEmpty()
          ? Optional.empty()
          : Optional.of(
              Finding.hold(
                  "INTERNAL_REPLICATION",
                  "cluster %s of %s has shards of several replicas without internal_replication"
                      .formatted(cluster, table.name()),
                  "set internal_replication to true in the cluster's configuration, with Replicated tables"));
    } catch (QueryFailedException e) {
      return Optional.of(
          Finding.warn(
              "INTERNAL_REPLICATION",
              "this server does not tell whether cluster %s has internal_replication"
                  .formatted(cluster),
              "see that it has, if its shards have replicas"));
    }
  }

  private Optional<Finding> window(Table table, int inFlight) {
    if (!table.engine().endsWith("MergeTree") || table.engine().startsWith("Shared")) {
      return Optional.empty();
    }
    boolean replicated = table.engine().startsWith("Replicated");
    String setting =
        replicated ? "replicated_deduplication_window" : "non_replicated_deduplication_window";
    Optional<Finding> rows = large(table, setting, replicated, need.of(table, inFlight));
    return rows.isPresent() || !replicated
        ? rows
        : large(table, "replicated_deduplication_window_seconds", true, 1);
  }

  private Optional<Finding> large(Table table, String setting, boolean replicated, long needed) {
    long window = value(table, setting, replicated);
    if (window > 0) {
      return window < needed
          ? Optional.of(smallWindow(table, setting, window, needed))
          : Optional.empty();
    }
    return Optional.of(
        Finding.hold(
            "NO_WINDOW",
            "table %s has %s = 0: it ignores tokens, silently".formatted(table.name(), setting),
            "ALTER TABLE %s MODIFY SETTING %s = %d"
                .formatted(table.name().quoted(), setting, TableDdl.WINDOW)));
  }

  /** It counts the partitions of each insert, of every writer: batches in doubt can fall out. */
  private static Finding smallWindow(Table table, String setting, long window, long needed) {
    return Finding.warn(
        "SMALL_WINDOW",
        "table %s has %s = %d and needs %d: other inserts can push a batch in doubt out of it"
            .formatted(table.name(), setting, window, needed),
        "ALTER TABLE %s MODIFY SETTING %s = %d".formatted(table.name().quoted(), setting, needed));
  }

  private long value(Table table, String setting, boolean replicated) {
    Matcher own = Pattern.compile("\\b" + setting + " = (\\d+)").matcher(table.engineFull());
    if (own.find()) {
      return Long.parseLong(own.group(1));
    }
    String from =
        replicated ? "system.replicated_merge_tree_settings" : "system.merge_tree_settings";
    List<String> values =
        client.lines("SELECT value FROM %s WHERE name = '%s'".formatted(from, setting));
    return values.isEmpty() ? 0 : Long.parseLong(values.get(0));
  }

  /** A retry would else land in another partition than the first attempt, and stay there. */
  private Optional<Finding> partitionKey(Table table, List<Column> columns) {
    if (table.partitionKey().isEmpty()) {
      return Optional.empty();
    }
    boolean direct = RANDOM.matcher(table.partitionKey()).find();
    Optional<Column> column =
        columns.stream()
            .filter(each -> mentions(table.partitionKey(), each.name()))
            .filter(each -> RANDOM.matcher(each.defaultExpression()).find())
            .findFirst();
    if (!direct && column.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.hold(
            "PARTITION_KEY",
            "the partition key of %s depends on %s, which is another one at each attempt"
                .formatted(
                    table.name(),
                    column.map(Column::defaultExpression).orElse(table.partitionKey())),
            "partition by a column that the source brings"));
  }

  private static boolean mentions(String expression, String column) {
    return Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(column) + "(?![A-Za-z0-9_])")
        .matcher(expression)
        .find();
  }
}
