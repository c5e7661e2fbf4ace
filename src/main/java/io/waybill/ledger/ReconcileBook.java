package io.waybill.ledger;

import io.waybill.audit.AuditKind;
import io.waybill.delivery.LedgerException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts batches back into doubt whose rows are not in their table. Thread-safe. */
public final class ReconcileBook {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;

  ReconcileBook(LedgerDatabase database, Identity identity, Origin origin) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
  }

  /** Every token that the committed batches of a run were sent under, by batch. */
  public Map<String, List<String>> tokens(String run) {
    return database.read(
        "look up tokens",
        connection -> {
          Map<String, List<String>> tokens = new HashMap<>();
          List<String[]> rows =
              Sql.list(
                  connection,
                  row -> new String[] {row.getString("batch"), row.getString("token")},
                  """
                  SELECT batch.id AS batch, batch.token AS token FROM batch
                  WHERE batch.run = ? AND batch.state = 'committed'
                  UNION ALL
                  SELECT former_token.batch, former_token.token
                  FROM former_token JOIN batch ON batch.id = former_token.batch
                  WHERE batch.run = ? AND batch.state = 'committed'""",
                  run,
                  run);
          for (String[] row : rows) {
            tokens.computeIfAbsent(row[0], batch -> new ArrayList<>()).add(row[1]);
          }
          return tokens;
        });
  }

  /** Whether the table noted the token of each row of a batch when it was planned. */
  public boolean isCountable(String batch) {
    return database.read(
        "look up a batch",
        connection ->
            Sql.number(
                    connection,
                    """
                    SELECT shape.provenance FROM batch JOIN shape ON shape.id = batch.shape
                    WHERE batch.id = ?""",
                    batch)
                == 1);
  }

  /**
   * Committed batches are planned again: their source has to be offered or rerun, and their rows
   * are counted before anything is sent.
   *
   * @throws LedgerException if one of them is not committed
   */
  public void reopen(RunRow run, List<BatchRow> batches, String reason, String by, Instant at) {
    database.change(
        "put batches back into doubt",
        connection -> {
          for (BatchRow batch : batches) {
            reopen(connection, batch);
            AuditStore.add(connection, missing(run, batch, by, at).event(), identity, origin);
          }
          hold(connection, run, reason);
        });
  }

  private static void reopen(Connection connection, BatchRow batch) throws SQLException {
    Sql.updateOne(
        connection,
        "batch " + batch.id() + " is not committed",
        """
        UPDATE batch SET state = 'planned', settled_at = NULL, elapsed_micros = NULL
        WHERE id = ? AND state = 'committed'""",
        batch.id());
    Sql.updateOne(
        connection,
        "the ledger has no run " + batch.run(),
        """
        UPDATE run SET row_count = row_count - ?, byte_count = byte_count - ?,
          batch_count = batch_count - 1
        WHERE id = ?""",
        batch.rows(),
        batch.bytes(),
        batch.run());
  }

  /** Only the last run of a source goes on; however it looks, its source is looked at again. */
  private static void hold(Connection connection, RunRow run, String reason) throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE run SET state = 'held', reason = ?, remedy = ?
        WHERE id = ? AND number = (SELECT MAX(number) FROM run AS last WHERE last.unit = run.unit)""",
        reason,
        "./waybill rerun " + run.id(),
        run.id());
    Sql.update(
        connection,
        "UPDATE unit SET stamp_modified = 0 WHERE id = (SELECT unit FROM run WHERE id = ?)",
        run.id());
  }

  private static DecisionPapers missing(RunRow run, BatchRow batch, String by, Instant at) {
    return new DecisionPapers(
        AuditKind.RECONCILE,
        at,
        run.flow(),
        run.id(),
        batch.id(),
        run.source(),
        run.location(),
        run.target().database(),
        run.target().table(),
        run.format().clickHouseName(),
        0,
        "missing",
        "its rows were not in the table any more",
        by);
  }
}
