package io.waybill.ledger;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Runs, their states and their totals. */
final class RunStore {
  private static final String UNFINISHED =
      " AND state NOT IN ('completed', 'completed_with_dead_letters')";

  private RunStore() {}

  static Optional<Run> last(Connection connection, long unit) throws SQLException {
    return Sql.first(
        connection,
        RunStore::run,
        "SELECT * FROM run WHERE unit = ? ORDER BY number DESC LIMIT 1",
        unit);
  }

  static Optional<RunState> state(Connection connection, String id) throws SQLException {
    return Sql.first(
        connection,
        row -> RunState.of(row.getString("state")),
        "SELECT state FROM run WHERE id = ?",
        id);
  }

  static List<Run> running(Connection connection) throws SQLException {
    return Sql.list(
        connection, RunStore::run, "SELECT * FROM run WHERE state = 'running' ORDER BY number");
  }

  /** Of a process, by its number among those that share the ledger. */
  static List<Run> running(Connection connection, String instance) throws SQLException {
    return Sql.list(
        connection,
        RunStore::run,
        "SELECT * FROM run WHERE state = 'running' AND instance = ? ORDER BY number",
        instance);
  }

  static Run begin(
      Connection connection, String id, Unit unit, String location, Stamp stamp, Instant at)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO run (id, flow, unit, location, state, started_at)
        VALUES (?, ?, ?, ?, 'running', ?)""",
        id,
        unit.flow(),
        unit.id(),
        location,
        at);
    UnitStore.restamp(connection, unit.id(), stamp);
    return new Run(id, unit.flow(), unit.id(), RunState.RUNNING, "", "", at);
  }

  /**
   * Puts a run back to running. When it is resumed is not kept: its first planned and last settled
   * batch tell how long it moved data.
   */
  static void resume(Connection connection, String id, Stamp stamp) throws SQLException {
    Sql.updateOne(
        connection,
        "the ledger has no unfinished run " + id + " to resume",
        "UPDATE run SET state = 'running', reason = '', remedy = '', ended_at = NULL WHERE id = ?"
            + UNFINISHED,
        id);
    UnitStore.restamp(connection, unitOf(connection, id), stamp);
  }

  static void end(
      Connection connection,
      String id,
      RunState state,
      String reason,
      String remedy,
      Stamp stamp,
      Instant at)
      throws SQLException {
    if (state == RunState.RUNNING) {
      throw new IllegalArgumentException("a run does not end as running");
    }
    Sql.updateOne(
        connection,
        "the ledger has no unfinished run " + id + " to end",
        "UPDATE run SET state = ?, reason = ?, remedy = ?, ended_at = ? WHERE id = ?" + UNFINISHED,
        state.label(),
        reason,
        remedy,
        at,
        id);
    long unit = unitOf(connection, id);
    if (state.isComplete()) {
      refuseInDoubt(connection, id, unit);
    }
    UnitStore.restamp(connection, unit, stamp);
  }

  static void interrupt(Connection connection, String id, String reason, String remedy, Instant at)
      throws SQLException {
    Sql.updateOne(
        connection,
        "the ledger has no unfinished run " + id + " to hold",
        "UPDATE run SET state = 'held', reason = ?, remedy = ?, ended_at = ? WHERE id = ?"
            + UNFINISHED,
        reason,
        remedy,
        at,
        id);
  }

  /** Puts a run that nobody runs into the state that a person decides. */
  static void mark(Connection connection, String id, RunState state, String note, Instant at)
      throws SQLException {
    Sql.updateOne(
        connection,
        "run " + id + " runs, or is not in the ledger",
        "UPDATE run SET state = ?, reason = ?, remedy = '', ended_at = COALESCE(ended_at, ?)"
            + " WHERE id = ? AND state <> 'running'",
        state.label(),
        note,
        at,
        id);
    if (state.isComplete()) {
      refuseInDoubt(connection, id, unitOf(connection, id));
    }
  }

  /** Counts the attempt that comes with a plan, of a run that runs. */
  static void countPlan(Connection connection, BatchPlan plan) throws SQLException {
    Sql.updateOne(
        connection,
        "batch %s cannot be planned: flow %s has no running run %s over unit %d"
            .formatted(plan.id(), plan.flow(), plan.run(), plan.unit()),
        """
        UPDATE run SET attempt_count = attempt_count + 1,
          first_planned_at = COALESCE(first_planned_at, ?)
        WHERE id = ? AND unit = ? AND flow = ? AND state = 'running'""",
        plan.plannedAt(),
        plan.run(),
        plan.unit(),
        plan.flow());
  }

  /** Counts a further attempt. */
  static void countAttempt(Connection connection, String id) throws SQLException {
    Sql.updateOne(
        connection,
        "the ledger has no run " + id,
        "UPDATE run SET attempt_count = attempt_count + 1 WHERE id = ?",
        id);
  }

  /** Adds a settled batch to the totals of its run. */
  static void count(Connection connection, Waybill waybill) throws SQLException {
    boolean committed = waybill.state() == BatchState.COMMITTED;
    Sql.updateOne(
        connection,
        "the ledger has no run " + waybill.plan().run(),
        """
        UPDATE run SET row_count = row_count + ?, byte_count = byte_count + ?,
          batch_count = batch_count + ?, dead_row_count = dead_row_count + ?,
          dead_batch_count = dead_batch_count + ?, last_settled_at = ?
        WHERE id = ?""",
        committed ? waybill.plan().rows() : 0,
        committed ? waybill.plan().bytes() : 0,
        committed ? 1 : 0,
        waybill.deadRows(),
        waybill.state() == BatchState.DEAD ? 1 : 0,
        waybill.settledAt(),
        waybill.plan().run());
  }

  private static void refuseInDoubt(Connection connection, String id, long unit)
      throws SQLException {
    long planned =
        Sql.number(
            connection,
            "SELECT COUNT(*) FROM batch WHERE unit = ? AND run = ? AND state = 'planned'",
            unit,
            id);
    if (planned > 0) {
      throw new LedgerException(
          "run %s cannot be complete: %d of its batches are not settled".formatted(id, planned),
          null);
    }
  }

  private static long unitOf(Connection connection, String id) throws SQLException {
    return Sql.number(connection, "SELECT unit FROM run WHERE id = ?", id);
  }

  private static Run run(ResultSet row) throws SQLException {
    return new Run(
        row.getString("id"),
        row.getString("flow"),
        row.getLong("unit"),
        RunState.of(row.getString("state")),
        row.getString("reason"),
        row.getString("remedy"),
        Micros.instant(row, "started_at"));
  }
}
