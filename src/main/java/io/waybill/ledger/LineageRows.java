package io.waybill.ledger;

import io.waybill.delivery.BatchState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Reads what charts show, and where rows came from. */
final class LineageRows {
  private static final long NANOS = 1_000_000_000L;

  private LineageRows() {}

  /** The newest settled batches of the newest runs, the newest first. */
  static List<BatchPoint> latest(Connection connection, Optional<String> flow, int limit)
      throws SQLException {
    String condition = flow.isPresent() ? "WHERE run.flow = ? AND" : "WHERE";
    String sql =
        """
        SELECT batch.*, run.flow, unit.stamp_modified
        FROM run JOIN batch ON batch.run = run.id JOIN unit ON unit.id = run.unit
        %s batch.settled_at IS NOT NULL AND batch.state <> 'split'
        ORDER BY run.number DESC, batch.sequence DESC LIMIT ?"""
            .formatted(condition);
    return flow.isPresent()
        ? Sql.list(connection, LineageRows::point, sql, flow.get(), limit)
        : Sql.list(connection, LineageRows::point, sql, limit);
  }

  private static BatchPoint point(ResultSet row) throws SQLException {
    long modified = row.getLong("stamp_modified");
    return new BatchPoint(
        row.getString("id"),
        row.getString("run"),
        row.getString("flow"),
        BatchState.of(row.getString("state")),
        BatchStore.rows(row),
        row.getLong("dead_rows"),
        row.getLong("bytes"),
        row.getInt("attempts"),
        Micros.instant(row, "planned_at"),
        Micros.instant(row, "settled_at"),
        Duration.of(row.getLong("elapsed_micros"), ChronoUnit.MICROS),
        modified > NANOS
            ? Optional.of(Instant.ofEpochSecond(modified / NANOS, modified % NANOS))
            : Optional.empty());
  }

  /** By the id of a batch, or a token that it has or had. */
  static Optional<Lineage> of(Connection connection, String batchOrToken) throws SQLException {
    Optional<String> id =
        Sql.first(
            connection,
            row -> row.getString(1),
            """
            SELECT id FROM batch WHERE id = ?
            UNION ALL SELECT id FROM batch WHERE token = ?
            UNION ALL SELECT batch FROM former_token WHERE token = ? LIMIT 1""",
            batchOrToken,
            batchOrToken,
            batchOrToken);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Optional<BatchRow> batch = BatchRows.one(connection, id.get());
    if (batch.isEmpty()) {
      return Optional.empty();
    }
    List<RunRow> runs = RunRows.startingWith(connection, batch.get().run(), 1);
    return runs.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Lineage(
                batch.get(),
                runs.get(0),
                TokenStore.of(connection, id.get()),
                BatchRows.children(connection, batch.get().run(), id.get())));
  }
}
