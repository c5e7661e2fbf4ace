package io.waybill.clickhouse;

import io.waybill.clickhouse.Tables.Table;
import java.time.Duration;
import java.util.List;

/**
 * How large the deduplication window of a table has to be: it counts the parts of every insert, of
 * every writer, and has to remember those of batches in doubt for as long as the horizon. Measured
 * from {@code system.part_log} where that can be read. Thread-safe.
 */
final class WindowNeed {
  /** How often the parts of all batches that are on their way at once have to fit. */
  private static final long TIMES = 10;

  private static final String OWN_QUERY = "^\\\\d{8}-\\\\d{6}-[0-9a-z]{6}-\\\\d+$";
  private final ClickHouseClient client;
  private final Duration horizon;

  WindowNeed(ClickHouseClient client, Duration horizon) {
    this.client = client;
    this.horizon = horizon;
  }

  /** How many blocks a window has to hold, at least. */
  long of(Table table, int inFlight) {
    Seen seen = seen(table);
    return Math.max(
        TableDdl.WINDOW, Math.max(1, seen.partitions()) * inFlight * TIMES + seen.foreign());
  }

  /**
   * What was inserted into a table within the horizon.
   *
   * @param partitions most parts of one batch of Waybill's
   * @param foreign parts of others' inserts
   */
  private record Seen(long partitions, long foreign) {}

  private Seen seen(Table table) {
    String sql =
        """
        SELECT toString(maxIf(parts, own)), toString(sumIf(parts, NOT own)) FROM (
          SELECT query_id, match(query_id, '%s') AS own, count() AS parts FROM system.part_log
          WHERE event_type = 'NewPart' AND database = %s AND table = %s
            AND event_date >= today() - %d AND event_time >= now() - %d
          GROUP BY query_id)"""
            .formatted(
                OWN_QUERY,
                SqlText.literal(table.name().database()),
                SqlText.literal(table.name().table()),
                horizon.toDays() + 1,
                horizon.toSeconds());
    try {
      List<String> lines = client.lines(sql);
      String[] fields = lines.get(0).split("\t", -1);
      return new Seen(Long.parseLong(fields[0]), Long.parseLong(fields[1]));
    } catch (QueryFailedException e) {
      return new Seen(0, 0); // no log, or no right to read it: what is usual holds
    }
  }
}
