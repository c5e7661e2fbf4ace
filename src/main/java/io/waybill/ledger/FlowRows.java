package io.waybill.ledger;

import io.waybill.delivery.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads flows for people. */
final class FlowRows {
  private FlowRows() {}

  static List<FlowRow> all(Connection connection) throws SQLException {
    List<FlowRow> flows = new ArrayList<>();
    for (FlowRow flow :
        Sql.list(connection, FlowRows::withoutRun, "SELECT * FROM flow ORDER BY name")) {
      flows.add(
          new FlowRow(
              flow.name(),
              flow.target(),
              flow.declaredIn(),
              flow.hold(),
              RunRows.ofFlow(connection, flow.name(), 1).stream().findFirst(),
              flow.loaded(),
              flow.pause(),
              flow.schedule(),
              flow.nextDue()));
    }
    return flows;
  }

  private static FlowRow withoutRun(ResultSet row) throws SQLException {
    String database = row.getString("target_database");
    String reason = row.getString("hold_reason");
    String pausedBy = row.getString("paused_by");
    return new FlowRow(
        row.getString("name"),
        database == null
            ? Optional.empty()
            : Optional.of(new TableName(database, row.getString("target_table"))),
        row.getString("declared_in"),
        reason == null
            ? Optional.empty()
            : Optional.of(
                new FlowRow.Hold(
                    reason, row.getString("hold_remedy"), Micros.instant(row, "held_at"))),
        Optional.empty(),
        row.getInt("loaded") == 1,
        Micros.optional(row, "paused_at").map(since -> new FlowRow.Pause(pausedBy, since)),
        row.getString("schedule"),
        Micros.optional(row, "next_due_at"));
  }
}
