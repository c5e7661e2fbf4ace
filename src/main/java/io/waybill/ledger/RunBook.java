package io.waybill.ledger;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The book of runs: each step with all that goes with it, as its audit event, in one transaction.
 * Thread-safe. All methods throw {@link LedgerException}.
 */
final class RunBook {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;
  private final Optional<Instance> instance;

  /**
   * The book in this ledger.
   *
   * @param instance this process, if others share the ledger
   */
  RunBook(LedgerDatabase database, Identity identity, Origin origin, Optional<Instance> instance) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
    this.instance = instance;
  }

  Run begin(String runId, Unit unit, String location, Stamp stamp, Instant at, String trigger) {
    return database.transaction(
        "begin run " + runId,
        connection -> {
          Run run = RunStore.begin(connection, runId, unit, location, stamp, at);
          TriggerStore.begins(connection, runId, trigger);
          runsHere(connection, runId);
          note(connection, runId, "begin", at);
          return run;
        });
  }

  void resume(String runId, Stamp stamp, Instant at) {
    database.change(
        "resume run " + runId,
        connection -> {
          RunStore.resume(connection, runId, stamp);
          runsHere(connection, runId);
          note(connection, runId, "resume", at);
        });
  }

  private void runsHere(Connection connection, String run) throws SQLException {
    if (instance.isPresent()) {
      instance.get().runs(connection, run);
    }
  }

  void end(String runId, RunState state, String reason, String remedy, Stamp stamp, Instant at) {
    database.change(
        "end run " + runId,
        connection -> {
          RunStore.end(connection, runId, state, reason, remedy, stamp, at);
          note(connection, runId, "end", at);
          FlowEnds.ofRun(connection, runId, state, at);
          if (state.isComplete()) {
            CheckpointStore.settle(connection, runId, at);
          }
        });
  }

  /** Runs that say running, and nobody runs them. */
  List<Run> interrupted() {
    return database.read(
        "look up runs",
        connection ->
            instance.isPresent()
                ? instance.get().interrupted(connection)
                : RunStore.running(connection));
  }

  void interrupt(String runId, String reason, String remedy, Instant at) {
    database.change(
        "hold run " + runId,
        connection -> {
          RunStore.interrupt(connection, runId, reason, remedy, at);
          note(connection, runId, "interrupt", at);
        });
  }

  private void note(Connection connection, String run, String action, Instant at)
      throws SQLException {
    AuditStore.add(connection, RunPapers.of(connection, run, action, at), identity, origin);
  }
}
