package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** The audit events of runs: of each change of their state, in the transaction that makes it. */
final class RunPapers {
  private RunPapers() {}

  /**
   * The event that tells how a run stands now.
   *
   * @param action what happened: {@code begin}, {@code resume}, {@code end}, {@code interrupt} or
   *     {@code mark}
   */
  static AuditEvent of(Connection connection, String run, String action, Instant at)
      throws SQLException {
    return Sql.first(
            connection,
            row -> event(row, action, at),
            """
            SELECT run.*, unit.source_id, unit.target_database, unit.target_table, unit.format,
              COALESCE(flow_trigger.ordered_by, '') AS ordered_by
            FROM run JOIN unit ON unit.id = run.unit
            LEFT JOIN flow_trigger ON flow_trigger.id = run.trigger_id
            WHERE run.id = ?""",
            run)
        .orElseThrow(() -> new SQLException("the ledger has no run " + run));
  }

  private static AuditEvent event(ResultSet row, String action, Instant at) throws SQLException {
    Instant started = Micros.instant(row, "started_at");
    return AuditEvent.of(AuditKind.RUN, at)
        .with(AuditField.FLOW, row.getString("flow"))
        .with(AuditField.RUN, row.getString("id"))
        .with(AuditField.SOURCE, row.getString("source_id"))
        .with(AuditField.LOCATION, row.getString("location"))
        .with(AuditField.DATABASE, row.getString("target_database"))
        .with(AuditField.TABLE, row.getString("target_table"))
        .with(AuditField.FORMAT, row.getString("format"))
        .with(AuditField.ROWS, row.getLong("row_count"))
        .with(AuditField.BYTES, row.getLong("byte_count"))
        .with(AuditField.ATTEMPTS, row.getLong("attempt_count"))
        .with(AuditField.OUTCOME, row.getString("state"))
        .with(AuditField.DEAD_ROWS, row.getLong("dead_row_count"))
        .with(AuditField.REASON, row.getString("reason"))
        .with(AuditField.ORDERED_BY, row.getString("ordered_by"))
        .with(AuditField.PLANNED_AT, started)
        .with(AuditField.ELAPSED_MS, Duration.between(started, at).toMillis())
        .with(AuditField.ACTION, action)
        .with(AuditField.TRIGGER, row.getString("trigger_id"))
        .build();
  }
}
