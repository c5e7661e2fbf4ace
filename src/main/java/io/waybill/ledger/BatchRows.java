package io.waybill.ledger;

import io.waybill.delivery.BatchState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Reads batches and dead letters for people. */
final class BatchRows {
  private BatchRows() {}

  static List<BatchRow> ofRun(Connection connection, String run) throws SQLException {
    return Sql.list(
        connection, BatchRows::batch, "SELECT * FROM batch WHERE run = ? ORDER BY sequence", run);
  }

  static Optional<BatchRow> one(Connection connection, String id) throws SQLException {
    return Sql.first(connection, BatchRows::batch, "SELECT * FROM batch WHERE id = ?", id);
  }

  /** What came in the place of a batch of this run. */
  static List<BatchRow> children(Connection connection, String run, String parent)
      throws SQLException {
    return Sql.list(
        connection,
        BatchRows::batch,
        "SELECT * FROM batch WHERE run = ? AND parent = ? ORDER BY sequence",
        run,
        parent);
  }

  static List<DeadLetterRow> deadLettersOfRun(Connection connection, String run)
      throws SQLException {
    return Sql.list(
        connection,
        DeadLetterRows::row,
        DeadLetterRows.SELECT + "WHERE dead_letter.run = ? ORDER BY dead_letter.number",
        run);
  }

  private static BatchRow batch(ResultSet row) throws SQLException {
    return new BatchRow(
        row.getString("id"),
        row.getString("run"),
        row.getLong("sequence"),
        BatchState.of(row.getString("state")),
        BatchStore.position(row),
        BatchStore.rows(row),
        row.getLong("dead_rows"),
        BatchStore.parent(row),
        row.getLong("bytes"),
        row.getString("digest"),
        row.getString("token"),
        row.getInt("attempts"),
        Micros.instant(row, "planned_at"),
        Micros.optional(row, "settled_at"),
        elapsed(row),
        row.getInt("error_code"),
        row.getString("error_name"),
        row.getString("reason"),
        row.getString("clickhouse_host"),
        row.getString("clickhouse_user"));
  }

  private static Optional<Duration> elapsed(ResultSet row) throws SQLException {
    Duration elapsed = Duration.of(row.getLong("elapsed_micros"), ChronoUnit.MICROS);
    return row.wasNull() ? Optional.empty() : Optional.of(elapsed);
  }
}
