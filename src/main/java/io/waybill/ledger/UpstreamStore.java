package io.waybill.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which flows wait for which, and for which ends they were started. */
final class UpstreamStore {
  private static final String SELECT =
      """
      SELECT flow_upstream.*, flow_end.ended, flow_end.completed, flow_end.ended_at,
        flow_end.completed_at, flow_end.state, flow_end.cause
      FROM flow_upstream LEFT JOIN flow_end ON flow_end.flow = flow_upstream.upstream
      """;

  private UpstreamStore() {}

  static List<UpstreamRow> all(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        UpstreamStore::row,
        SELECT + "ORDER BY flow_upstream.flow, flow_upstream.upstream");
  }

  static List<UpstreamRow> of(Connection connection, String flow) throws SQLException {
    return Sql.list(
        connection,
        UpstreamStore::row,
        SELECT + "WHERE flow_upstream.flow = ? ORDER BY flow_upstream.upstream",
        flow);
  }

  /**
   * Notes what a flow waits for. What it has not waited for before counts from now on; for the rest
   * it stays noted what was seen.
   */
  static void declare(
      Connection connection,
      String flow,
      Set<String> upstreams,
      boolean anyEnd,
      boolean all,
      Duration within)
      throws SQLException {
    for (UpstreamRow before : of(connection, flow)) {
      if (!upstreams.contains(before.upstream()) || before.anyEnd() != anyEnd) {
        Sql.update(
            connection,
            "DELETE FROM flow_upstream WHERE flow = ? AND upstream = ?",
            flow,
            before.upstream());
      }
    }
    String count = anyEnd ? "ended" : "completed";
    for (String upstream : upstreams) {
      Sql.update(
          connection,
          """
          INSERT INTO flow_upstream (flow, upstream, ends, mode, within, seen)
          VALUES (?, ?, ?, ?, ?, COALESCE((SELECT %s FROM flow_end WHERE flow = ?), 0))
          ON CONFLICT (flow, upstream) DO UPDATE SET mode = excluded.mode, within = excluded.within"""
              .formatted(count),
          flow,
          upstream,
          anyEnd ? "any" : "completed",
          all ? "all" : "any",
          within.toNanos() / 1000,
          upstream);
    }
  }

  /** Notes that a flow is started for these ends; false if it was meanwhile. */
  static boolean take(Connection connection, List<UpstreamRow> set) throws SQLException {
    for (UpstreamRow each : set) {
      int changed =
          Sql.update(
              connection,
              "UPDATE flow_upstream SET seen = ? WHERE flow = ? AND upstream = ? AND seen = ?",
              each.ends(),
              each.flow(),
              each.upstream(),
              each.seen());
      if (changed == 0) {
        return false;
      }
    }
    return true;
  }

  private static UpstreamRow row(ResultSet row) throws SQLException {
    boolean any = row.getString("ends").equals("any");
    Optional<Instant> last = Micros.optional(row, any ? "ended_at" : "completed_at");
    String state = row.getString("state");
    return new UpstreamRow(
        row.getString("flow"),
        row.getString("upstream"),
        any,
        row.getString("mode").equals("all"),
        Duration.of(row.getLong("within"), ChronoUnit.MICROS),
        row.getLong("seen"),
        row.getLong(any ? "ended" : "completed"),
        last,
        state == null ? "" : state,
        state == null ? "" : row.getString("cause"));
  }
}
