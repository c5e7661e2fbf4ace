package io.waybill.ledger;

import io.waybill.delivery.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** Flows and their holds. */
final class FlowStore {
  private FlowStore() {}

  static void register(Connection connection, String flow, TableName target, String declaredIn)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO flow (name, target_database, target_table, declared_in) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET target_database = excluded.target_database,
          target_table = excluded.target_table, declared_in = excluded.declared_in, loaded = 1""",
        flow,
        target.database(),
        target.table(),
        declaredIn);
  }

  /** What the new name has delivered itself stays its own. */
  static void rename(Connection connection, String formerly, String flow) throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE unit SET flow = ? WHERE flow = ? AND NOT EXISTS (
          SELECT 1 FROM unit AS own WHERE own.flow = ? AND own.source_id = unit.source_id
            AND own.target_database = unit.target_database
            AND own.target_table = unit.target_table)""",
        flow,
        formerly,
        flow);
    Sql.update(
        connection,
        "UPDATE run SET flow = ? WHERE unit IN (SELECT id FROM unit WHERE flow = ?)",
        flow,
        flow);
    Sql.update(connection, "DELETE FROM flow WHERE name = ?", formerly);
  }

  /** A hold is noted even of a flow that is not registered: nothing may hide it. */
  static void hold(Connection connection, String flow, String reason, String remedy, Instant at)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO flow (name, hold_reason, hold_remedy, held_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET hold_reason = excluded.hold_reason,
          hold_remedy = excluded.hold_remedy, held_at = excluded.held_at""",
        flow,
        reason,
        remedy,
        at);
  }

  static void release(Connection connection, String flow) throws SQLException {
    Sql.update(
        connection,
        "UPDATE flow SET hold_reason = NULL, hold_remedy = NULL, held_at = NULL WHERE name = ?",
        flow);
  }
}
