package io.waybill.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads dead letters for people. */
final class DeadLetterRows {
  static final String SELECT =
      """
      SELECT dead_letter.*, unit.source_id, unit.target_database, unit.target_table, unit.format,
        run.location
      FROM dead_letter JOIN run ON run.id = dead_letter.run JOIN unit ON unit.id = run.unit
      """;

  private DeadLetterRows() {}

  /** In the order in which they were stored. */
  static List<DeadLetterRow> selected(
      Connection connection, DeadLetterSelection selection, int limit) throws SQLException {
    DeadLetterSelection.Condition condition = selection.condition();
    List<Object> values = new ArrayList<>(condition.values());
    values.add(limit);
    return Sql.list(
        connection,
        DeadLetterRows::row,
        SELECT + "WHERE " + condition.sql() + " ORDER BY dead_letter.number LIMIT ?",
        values.toArray());
  }

  /** The largest groups first. */
  static List<DeadLetterGroup> groups(Connection connection, DeadLetterSelection selection)
      throws SQLException {
    DeadLetterSelection.Condition condition = selection.condition();
    return Sql.list(
        connection,
        DeadLetterRows::group,
        """
        SELECT dead_letter.flow, unit.target_database, unit.target_table, error_code, error_name,
          column_name, SUM(dead_letter.records) AS letters, COUNT(DISTINCT dead_letter.run) AS runs,
          MIN(first_seen_at) AS first_seen, MAX(stored_at) AS last_stored
        FROM dead_letter JOIN run ON run.id = dead_letter.run JOIN unit ON unit.id = run.unit
        WHERE %s
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY letters DESC, 1, 2, 3, 4, 6"""
            .formatted(condition.sql()),
        condition.values().toArray());
  }

  private static DeadLetterGroup group(ResultSet row) throws SQLException {
    return new DeadLetterGroup(
        row.getString("flow"),
        row.getString("target_database") + "." + row.getString("target_table"),
        row.getInt("error_code"),
        row.getString("error_name"),
        row.getString("column_name"),
        row.getLong("letters"),
        row.getLong("runs"),
        Micros.instant(row, "first_seen"),
        Micros.instant(row, "last_stored"));
  }

  static DeadLetterRow row(ResultSet row) throws SQLException {
    long replay = row.getLong("replay");
    boolean replayed = !row.wasNull();
    return new DeadLetterRow(
        row.getString("id"),
        row.getString("batch"),
        row.getString("run"),
        row.getString("flow"),
        row.getString("source_id"),
        row.getString("location"),
        row.getString("target_database") + "." + row.getString("target_table"),
        row.getString("format"),
        row.getString("file"),
        row.getLong("file_offset"),
        row.getLong("bytes"),
        row.getLong("records"),
        row.getLong("record"),
        row.getLong("source_offset"),
        row.getLong("line"),
        row.getString("column_name"),
        row.getInt("error_code"),
        row.getString("error_name"),
        row.getString("reason"),
        row.getString("remedy"),
        Micros.instant(row, "first_seen_at"),
        Micros.instant(row, "stored_at"),
        DeadLetterRow.State.of(row.getString("state")),
        replayed ? Optional.of(replay) : Optional.empty(),
        Micros.optional(row, "settled_at"),
        row.getString("settled_by"),
        row.getString("note"));
  }
}
