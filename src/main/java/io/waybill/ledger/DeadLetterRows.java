package io.waybill.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
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
