package io.waybill.ledger;

import io.waybill.delivery.Checkpoint;
import io.waybill.delivery.Key;
import io.waybill.delivery.KeyRange;
import io.waybill.delivery.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Up to where the tables of flows were extracted by key. */
final class CheckpointStore {
  private CheckpointStore() {}

  static Optional<Checkpoint> of(Connection connection, String flow, TableName target)
      throws SQLException {
    return Sql.first(
        connection,
        row -> new Checkpoint(row.getString("key_column"), Key.parse(row.getString("key_value"))),
        """
        SELECT key_column, key_value FROM checkpoint
        WHERE flow = ? AND target_database = ? AND target_table = ?""",
        flow,
        target.database(),
        target.table());
  }

  /**
   * Moves the checkpoint to the end of the extract that a run settled, in its transaction. Only an
   * extract that began at the checkpoint moves it, so it never goes back, whatever is delivered
   * again. A run over anything else changes nothing.
   */
  static void settle(Connection connection, String run, Instant at) throws SQLException {
    Optional<Extract> extract =
        Sql.first(
            connection,
            CheckpointStore::extract,
            """
            SELECT unit.flow, unit.source_id, unit.target_database, unit.target_table
            FROM run JOIN unit ON unit.id = run.unit WHERE run.id = ?""",
            run);
    Optional<KeyRange> range = extract.flatMap(each -> KeyRange.of(each.sourceId));
    if (range.isPresent()) {
      move(connection, extract.get(), range.get(), run, at);
    }
  }

  private record Extract(String flow, String sourceId, TableName target) {}

  private static Extract extract(ResultSet row) throws SQLException {
    return new Extract(
        row.getString("flow"),
        row.getString("source_id"),
        new TableName(row.getString("target_database"), row.getString("target_table")));
  }

  private static void move(
      Connection connection, Extract extract, KeyRange range, String run, Instant at)
      throws SQLException {
    int moved =
        Sql.update(
            connection,
            """
            UPDATE checkpoint SET key_value = ?, run = ?, moved_at = ?
            WHERE flow = ? AND target_database = ? AND target_table = ?
              AND key_column = ? AND key_value = ?""",
            range.to().encoded(),
            run,
            at,
            extract.flow,
            extract.target.database(),
            extract.target.table(),
            range.column(),
            range.from().encoded());
    if (moved == 0) {
      Sql.update(
          connection,
          """
          INSERT INTO checkpoint (flow, target_database, target_table, key_column, key_value, run, moved_at)
          VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (flow, target_database, target_table) DO NOTHING""",
          extract.flow,
          extract.target.database(),
          extract.target.table(),
          range.column(),
          range.to().encoded(),
          run,
          at);
    }
  }

  /** What the new name has extracted itself stays its own. */
  static void rename(Connection connection, String formerly, String flow) throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE checkpoint SET flow = ? WHERE flow = ? AND NOT EXISTS (
          SELECT 1 FROM checkpoint AS own WHERE own.flow = ?
            AND own.target_database = checkpoint.target_database
            AND own.target_table = checkpoint.target_table)""",
        flow,
        formerly,
        flow);
  }
}
