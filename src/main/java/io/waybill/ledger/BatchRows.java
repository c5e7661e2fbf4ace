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

  static List<DeadLetterRow> deadLettersOfRun(Connection connection, String run)
      throws SQLException {
    return Sql.list(
        connection,
        BatchRows::deadLetter,
        """
        SELECT dead_letter.*, batch.run, run.flow
        FROM batch JOIN dead_letter ON dead_letter.batch = batch.id JOIN run ON run.id = batch.run
        WHERE batch.run = ? ORDER BY batch.sequence, dead_letter.id""",
        run);
  }

  private static BatchRow batch(ResultSet row) throws SQLException {
    return new BatchRow(
        row.getString("id"),
        row.getString("run"),
        row.getLong("sequence"),
        BatchState.of(row.getString("state")),
        BatchStore.position(row),
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

  private static DeadLetterRow deadLetter(ResultSet row) throws SQLException {
    return new DeadLetterRow(
        row.getString("id"),
        row.getString("batch"),
        row.getString("run"),
        row.getString("flow"),
        row.getString("file"),
        row.getLong("records"),
        row.getLong("bytes"),
        row.getInt("error_code"),
        row.getString("error_name"),
        row.getString("reason"),
        row.getString("remedy"),
        Micros.instant(row, "stored_at"));
  }
}
