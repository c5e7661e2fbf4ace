package io.waybill.clickhouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.delivery.TableName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells by what rows came into a table: by the column {@value Tables#PROVENANCE}, or else by the
 * parts that they are in, as far as the server's logs still know. The condition is a person's own
 * SQL and is asked read-only. Methods throw {@link QueryFailedException}. Thread-safe.
 */
public final class RowOrigins {
  /** A column that tables may have to note when a row came. */
  public static final String LOADED_AT = "_waybill_loaded_at";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_MERGES = 1_000;
  private static final Map<String, String> READ_ONLY =
      Map.of("readonly", "1", "output_format_json_quote_64bit_integers", "0");
  private final ClickHouseClient client;

  public RowOrigins(ClickHouseClient client) {
    this.client = client;
  }

  /**
   * Rows that came by one batch, or are in one part.
   *
   * @param key token of the batch, or name of the part
   * @param rows how many
   * @param loadedFrom when the first of them came; empty if the table does not note it
   * @param loadedTo when the last of them came
   */
  public record Group(String key, long rows, String loadedFrom, String loadedTo) {}

  /**
   * A query that wrote.
   *
   * @param user who asked; empty if the server does not know any more
   * @param at when it ended; empty likewise
   */
  public record Writer(String queryId, String user, String at) {}

  /** A statement that reads what is read of the rows that fit a condition. */
  public static String rows(TableName table, String condition) {
    return "SELECT count() FROM " + from(table, condition);
  }

  // a comment at the end of the condition ends with its line
  private static String from(TableName table, String condition) {
    return "%s WHERE (\n%s\n)".formatted(table.quoted(), condition);
  }

  /** The batches of the rows that fit a condition, the largest first. */
  public List<Group> byBatch(TableName table, String condition, int limit) {
    return groups(table, TableName.quote(Tables.PROVENANCE), condition, limit);
  }

  /** The parts of the rows that fit a condition, the largest first. */
  public List<Group> byPart(TableName table, String condition, int limit) {
    return groups(table, "_part", condition, limit);
  }

  private List<Group> groups(TableName table, String key, String condition, int limit) {
    boolean noted =
        new Tables(client)
            .columns(table).stream().anyMatch(column -> column.name().equals(LOADED_AT));
    String loaded = noted ? "toString(%s(" + TableName.quote(LOADED_AT) + "))" : "''";
    String sql =
        "SELECT toString(%s) AS key, count() AS found, %s AS first, %s AS last FROM %s GROUP BY key ORDER BY found DESC, key LIMIT %d"
            .formatted(
                key,
                loaded.formatted("min"),
                loaded.formatted("max"),
                from(table, condition),
                limit);
    return ask(sql).stream()
        .map(
            row ->
                new Group(
                    row.path("key").asText(),
                    row.path("found").asLong(),
                    row.path("first").asText(),
                    row.path("last").asText()))
        .toList();
  }

  /**
   * The queries that wrote a part, or the parts that it was merged of; empty if the server's log of
   * parts does not say.
   */
  public List<String> writersOf(TableName table, String part) {
    Set<String> queries = new LinkedHashSet<>();
    Set<String> known = new LinkedHashSet<>(Set.of(part));
    List<String> open = new ArrayList<>(known);
    while (!open.isEmpty() && known.size() < MOST_MERGES) {
      List<String> next = new ArrayList<>();
      for (JsonNode row : ask(parts(table, open))) {
        if (!row.path("query_id").asText().isEmpty()
            && row.path("event_type").asText().equals("NewPart")) {
          queries.add(row.path("query_id").asText());
        }
        row.path("merged_from").forEach(each -> next.add(each.asText()));
      }
      next.removeIf(each -> !known.add(each));
      open = next;
    }
    return List.copyOf(queries);
  }

  private static String parts(TableName table, List<String> parts) {
    return "SELECT toString(event_type) AS event_type, query_id, merged_from FROM system.part_log"
        + " WHERE event_type IN ('NewPart', 'MergeParts', 'MutatePart') AND database = "
        + SqlText.literal(table.database())
        + " AND table = "
        + SqlText.literal(table.table())
        + " AND part_name IN ("
        + parts.stream().map(SqlText::literal).collect(Collectors.joining(", "))
        + ")";
  }

  /** Who asked these queries, of those that the server's log of queries still knows. */
  public List<Writer> writers(List<String> queries) {
    if (queries.isEmpty()) {
      return List.of();
    }
    String ids = queries.stream().map(SqlText::literal).collect(Collectors.joining(", "));
    return ask(
            "SELECT query_id, any(user) AS user, toString(max(event_time_microseconds)) AS at"
                + " FROM system.query_log WHERE type = 'QueryFinish' AND query_id IN ("
                + ids
                + ") GROUP BY query_id")
        .stream()
        .map(
            row ->
                new Writer(
                    row.path("query_id").asText(),
                    row.path("user").asText(),
                    row.path("at").asText()))
        .toList();
  }

  private List<JsonNode> ask(String sql) {
    String answer = client.query(new QueryRequest(sql, "JSONEachRow", READ_ONLY, "", "", ""));
    return answer.lines().map(RowOrigins::read).toList();
  }

  private static JsonNode read(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("ClickHouse answered no JSON", e);
    }
  }
}
