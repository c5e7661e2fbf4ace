package io.waybill.ledger;

import io.waybill.batch.Format;
import io.waybill.delivery.RunState;
import io.waybill.delivery.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads runs for people, from their totals; of the batches only the planned ones are counted. */
final class RunRows {
  private static final String SELECT =
      """
      SELECT run.*, unit.source_id, unit.generation, unit.target_database, unit.target_table,
        unit.format,
        (SELECT COUNT(*) FROM batch
         WHERE batch.unit = run.unit AND batch.run = run.id AND batch.state = 'planned') AS in_doubt
      FROM run JOIN unit ON unit.id = run.unit
      """;
  private static final String LATEST = " ORDER BY run.number DESC LIMIT ?";

  private RunRows() {}

  static List<RunRow> latest(Connection connection, int limit) throws SQLException {
    return Sql.list(connection, RunRows::row, SELECT + LATEST, limit);
  }

  static List<RunRow> ofFlow(Connection connection, String flow, int limit) throws SQLException {
    return Sql.list(connection, RunRows::row, SELECT + "WHERE run.flow = ?" + LATEST, flow, limit);
  }

  static List<RunRow> ofTrigger(Connection connection, String trigger) throws SQLException {
    return Sql.list(
        connection,
        RunRows::row,
        SELECT + "WHERE run.trigger_id = ? AND run.trigger_id <> '' ORDER BY run.number",
        trigger);
  }

  static List<RunRow> selected(Connection connection, RunSelection selection, int limit)
      throws SQLException {
    RunSelection.Condition condition = selection.condition();
    List<Object> values = new ArrayList<>(condition.values());
    values.add(limit);
    return Sql.list(
        connection, RunRows::row, SELECT + "WHERE " + condition.sql() + LATEST, values.toArray());
  }

  /** Ids are plain ASCII, so all that begin with a prefix lie below prefix + U+FFFF. */
  static List<RunRow> startingWith(Connection connection, String prefix, int limit)
      throws SQLException {
    return Sql.list(
        connection,
        RunRows::row,
        SELECT + "WHERE run.id >= ? AND run.id < ? ORDER BY run.id LIMIT ?",
        prefix,
        prefix + '\uffff',
        limit);
  }

  private static RunRow row(ResultSet row) throws SQLException {
    return new RunRow(
        row.getString("id"),
        row.getString("flow"),
        row.getString("source_id"),
        row.getInt("generation"),
        row.getString("location"),
        new TableName(row.getString("target_database"), row.getString("target_table")),
        Format.of(row.getString("format")),
        RunState.of(row.getString("state")),
        row.getString("reason"),
        row.getString("remedy"),
        Micros.instant(row, "started_at"),
        Micros.optional(row, "ended_at"),
        row.getLong("row_count"),
        row.getLong("byte_count"),
        row.getLong("batch_count"),
        row.getLong("in_doubt"),
        row.getLong("dead_row_count"),
        row.getLong("dead_batch_count"),
        row.getLong("attempt_count"),
        Micros.optional(row, "first_planned_at"),
        Micros.optional(row, "last_settled_at"),
        row.getString("trigger_id"));
  }
}
