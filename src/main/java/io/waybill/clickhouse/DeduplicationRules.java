package io.waybill.clickhouse;

import io.waybill.clickhouse.Tables.Column;
import io.waybill.clickhouse.Tables.Table;
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
  private final ClickHouseClient client;

  DeduplicationRules(ClickHouseClient client) {
    this.client = client;
  }

  Finding engine(Table table) {
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
        ? Finding.warn(
            "ENGINE",
            table.name() + " is Distributed; its local tables were not looked at",
            "see that each local table deduplicates")
        : Finding.hold(
            "ENGINE",
            "table %s is Distributed and inserts in the background: an answer proves nothing"
                .formatted(table.name()),
            "set distributed_foreground_insert=1 in the profile of the user");
  }

  Optional<Finding> window(Table table) {
    if (!table.engine().endsWith("MergeTree") || table.engine().startsWith("Shared")) {
      return Optional.empty();
    }
    boolean replicated = table.engine().startsWith("Replicated");
    String setting =
        replicated ? "replicated_deduplication_window" : "non_replicated_deduplication_window";
    Optional<Finding> rows = atLeastOne(table, setting, replicated);
    return rows.isPresent() || !replicated
        ? rows
        : atLeastOne(table, "replicated_deduplication_window_seconds", true);
  }

  private Optional<Finding> atLeastOne(Table table, String setting, boolean replicated) {
    long window = value(table, setting, replicated);
    if (window > 0) {
      boolean small = window < TableDdl.WINDOW && !setting.endsWith("_seconds");
      return small ? Optional.of(smallWindow(table, setting, window)) : Optional.empty();
    }
    return Optional.of(
        Finding.hold(
            "NO_WINDOW",
            "table %s has %s = 0: it ignores tokens, silently".formatted(table.name(), setting),
            "ALTER TABLE %s MODIFY SETTING %s = %d"
                .formatted(table.name().quoted(), setting, TableDdl.WINDOW)));
  }

  /** It counts the partitions of each insert, of every writer: batches in doubt can fall out. */
  private static Finding smallWindow(Table table, String setting, long window) {
    return Finding.warn(
        "SMALL_WINDOW",
        "table %s has %s = %d, so that other inserts can push a batch in doubt out of it"
            .formatted(table.name(), setting, window),
        "ALTER TABLE %s MODIFY SETTING %s = %d"
            .formatted(table.name().quoted(), setting, TableDdl.WINDOW));
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
  Optional<Finding> partitionKey(Table table, List<Column> columns) {
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
