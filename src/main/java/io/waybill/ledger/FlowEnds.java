package io.waybill.ledger;

import io.waybill.delivery.RunState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Counts how often flows came to an end, in the transaction that ends them: what waits for a flow
 * compares counts, and needs no clock for it. A run that belongs to a trigger does not count, its
 * trigger does.
 */
final class FlowEnds {
  private FlowEnds() {}

  static void ofRun(Connection connection, String run, RunState state, Instant at)
      throws SQLException {
    var flow =
        Sql.first(
            connection,
            row -> row.getString("flow"),
            "SELECT flow FROM run WHERE id = ? AND trigger_id = ''",
            run);
    if (flow.isPresent()) {
      count(connection, flow.get(), state.isComplete(), state.label(), run, at);
    }
  }

  static void ofTrigger(Connection connection, TriggerRow trigger, TriggerState state, Instant at)
      throws SQLException {
    if (state.isEndOfFlow() && trigger.attempts() > 0) {
      count(connection, trigger.flow(), state.isComplete(), state.label(), trigger.id(), at);
    }
  }

  private static void count(
      Connection connection, String flow, boolean completed, String state, String cause, Instant at)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO flow_end (flow, ended, completed, ended_at, completed_at, state, cause)
        VALUES (?, 1, ?, ?, ?, ?, ?)
        ON CONFLICT (flow) DO UPDATE SET ended = flow_end.ended + 1,
          completed = flow_end.completed + excluded.completed, ended_at = excluded.ended_at,
          completed_at = COALESCE(excluded.completed_at, flow_end.completed_at),
          state = excluded.state, cause = excluded.cause""",
        flow,
        completed ? 1 : 0,
        at,
        completed ? at : null,
        state,
        cause);
  }
}
