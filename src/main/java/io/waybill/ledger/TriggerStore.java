package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import io.waybill.delivery.RunState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Triggers and which runs are theirs. */
final class TriggerStore {
  /** What is held may still be completed. */
  private static final String OPEN = "state IN ('queued', 'running', 'held')";

  private TriggerStore() {}

  /** Writes a trigger down; false if this due time of a schedule has one already. */
  static boolean add(Connection connection, TriggerRow trigger) throws SQLException {
    return Sql.update(
            connection,
            """
            INSERT INTO flow_trigger (id, flow, kind, due_at, parameters, ordered_by, state, reason,
              created_at, ended_at, parent)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
            trigger.id(),
            trigger.flow(),
            trigger.kind().label(),
            trigger.due(),
            Json.write(trigger.parameters()),
            trigger.by(),
            trigger.state().label(),
            trigger.reason(),
            trigger.created(),
            trigger.ended().orElse(null),
            trigger.parent())
        == 1;
  }

  static void begins(Connection connection, String run, String trigger) throws SQLException {
    if (!trigger.isEmpty()) {
      Sql.update(connection, "UPDATE run SET trigger_id = ? WHERE id = ?", trigger, run);
    }
  }

  static void start(Connection connection, String id, Instant at) throws SQLException {
    Sql.updateOne(
        connection,
        "the ledger has no open trigger " + id,
        "UPDATE flow_trigger SET state = 'running', reason = '', started_at = ?,"
            + " attempts = attempts + 1 WHERE id = ? AND "
            + OPEN,
        at,
        id);
  }

  /** Ends a trigger; false if it has ended already. */
  static boolean end(
      Connection connection, String id, TriggerState state, String reason, Instant at)
      throws SQLException {
    if (!state.isEnded()) {
      throw new LedgerException("a trigger does not end as " + state.label(), null);
    }
    return Sql.update(
            connection,
            "UPDATE flow_trigger SET state = ?, reason = ?, ended_at = ? WHERE id = ? AND " + OPEN,
            state.label(),
            reason,
            at,
            id)
        == 1;
  }

  static List<RunState> runs(Connection connection, String trigger) throws SQLException {
    return Sql.list(
        connection,
        row -> RunState.of(row.getString("state")),
        "SELECT state FROM run WHERE trigger_id = ? AND trigger_id <> ''",
        trigger);
  }

  static List<TriggerRow> open(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        TriggerStore::row,
        "SELECT * FROM flow_trigger WHERE " + OPEN + " ORDER BY number");
  }

  static Optional<TriggerRow> find(Connection connection, String id) throws SQLException {
    return Sql.first(connection, TriggerStore::row, "SELECT * FROM flow_trigger WHERE id = ?", id);
  }

  static Optional<TriggerRow> ofRun(Connection connection, String run) throws SQLException {
    return Sql.first(
        connection,
        TriggerStore::row,
        """
        SELECT flow_trigger.* FROM run JOIN flow_trigger ON flow_trigger.id = run.trigger_id
        WHERE run.id = ?""",
        run);
  }

  static List<TriggerRow> latest(Connection connection, Optional<String> flow, int limit)
      throws SQLException {
    return flow.isPresent()
        ? Sql.list(
            connection,
            TriggerStore::row,
            "SELECT * FROM flow_trigger WHERE flow = ? ORDER BY number DESC LIMIT ?",
            flow.get(),
            limit)
        : Sql.list(
            connection,
            TriggerStore::row,
            "SELECT * FROM flow_trigger ORDER BY number DESC LIMIT ?",
            limit);
  }

  static List<TriggerRow> startingWith(Connection connection, String prefix, int limit)
      throws SQLException {
    return Sql.list(
        connection,
        TriggerStore::row,
        "SELECT * FROM flow_trigger WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
        prefix,
        prefix + '\uffff',
        limit);
  }

  static List<TriggerRow> children(Connection connection, String parent) throws SQLException {
    return Sql.list(
        connection,
        TriggerStore::row,
        "SELECT * FROM flow_trigger WHERE parent = ? AND parent <> '' ORDER BY number",
        parent);
  }

  /** Forgets triggers that ended long ago and have no run that needs them. */
  static void prune(Connection connection, Instant before) throws SQLException {
    Sql.update(
        connection,
        """
        DELETE FROM flow_trigger WHERE ended_at < ? AND state NOT IN ('queued', 'running', 'held')
          AND NOT EXISTS (SELECT 1 FROM run WHERE run.trigger_id = flow_trigger.id
            AND run.trigger_id <> '' AND run.state IN ('running', 'held', 'failed'))
          AND number < (SELECT MAX(last.number) FROM flow_trigger AS last
            WHERE last.flow = flow_trigger.flow)""",
        before);
  }

  private static TriggerRow row(ResultSet row) throws SQLException {
    return new TriggerRow(
        row.getString("id"),
        row.getString("flow"),
        TriggerKind.of(row.getString("kind")),
        Micros.instant(row, "due_at"),
        Json.settings(row.getString("parameters")),
        row.getString("ordered_by"),
        TriggerState.of(row.getString("state")),
        row.getString("reason"),
        Micros.instant(row, "created_at"),
        Micros.optional(row, "started_at"),
        Micros.optional(row, "ended_at"),
        row.getString("parent"),
        row.getInt("attempts"));
  }
}
