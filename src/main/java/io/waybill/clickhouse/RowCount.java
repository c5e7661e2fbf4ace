package io.waybill.clickhouse;

import io.waybill.clickhouse.Tables.Table;
import io.waybill.delivery.Evidence.Unverifiable;
import io.waybill.delivery.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts the rows that a table has of batches, by the tokens that they came with. Thread-safe. */
public final class RowCount {
  static final int ACCESS_DENIED = 497;

  /** Others of the family drop or join rows by themselves, so that a count proves nothing. */
  private static final Set<String> KEEPS_EVERY_ROW =
      Set.of("MergeTree", "ReplicatedMergeTree", "SharedMergeTree");

  private final ClickHouseClient client;

  public RowCount(ClickHouseClient client) {
    this.client = client;
  }

  /**
   * Why rows of batches cannot be counted in this table; empty if they can.
   *
   * @param noted whether the table noted the token of each row when they were inserted
   */
  public Optional<Unverifiable> countable(Table table, boolean noted) {
    if (!KEEPS_EVERY_ROW.contains(table.engine())) {
      return Optional.of(
          new Unverifiable(
              "a %s does not keep every row as it came".formatted(table.engine()),
              "look whether the batch is there; then set onUnverified=accept on the waybill: URI to send it again under its token"));
    }
    if (!noted) {
      return Optional.of(
          new Unverifiable(
              "table %s did not note the batch of each row in %s"
                  .formatted(table.name(), Tables.PROVENANCE),
              "look whether the batch is there; then set onUnverified=accept on the waybill: URI to send it again under its token, and give the table the column for batches to come"));
    }
    return Optional.empty();
  }

  /** What a user who may not read that column needs. */
  Unverifiable denied(TableName table) {
    return new Unverifiable(
        "user %s may not read %s of %s"
            .formatted(client.connection().user(), Tables.PROVENANCE, table),
        "GRANT SELECT(%s) ON %s TO %s"
            .formatted(
                Tables.PROVENANCE, table.quoted(), TableName.quote(client.connection().user())));
  }

  /**
   * How many rows came with any of these tokens.
   *
   * @throws QueryFailedException if it cannot be asked
   */
  public long of(Table table, Collection<String> tokens) {
    return byToken(table, tokens).values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * How many rows came with each of these tokens; tokens without a row are left out.
   *
   * @throws QueryFailedException if it cannot be asked
   */
  public Map<String, Long> byToken(Table table, Collection<String> tokens) {
    String sql =
        "SELECT toString(%1$s), count() FROM %2$s WHERE %1$s IN (%3$s) GROUP BY 1"
            .formatted(
                Tables.PROVENANCE,
                table.name().quoted(),
                tokens.stream().map(SqlText::literal).collect(Collectors.joining(", ")));
    // a replica that lags must not say that rows are missing
    Map<String, String> settings = Map.of("select_sequential_consistency", "1");
    List<String> lines =
        client.query(new QueryRequest(sql, "TSV", settings, "", "", "")).lines().toList();
    Map<String, Long> counts = new HashMap<>();
    for (String line : lines) {
      String[] fields = line.split("\t", -1);
      counts.put(fields[0], Long.parseLong(fields[1]));
    }
    return counts;
  }
}
