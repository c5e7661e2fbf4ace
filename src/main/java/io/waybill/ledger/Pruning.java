package io.waybill.ledger;

import io.waybill.batch.Position;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.Unit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/**
 * Forgets the detail of what was settled long ago: batches, their tokens, dead letters that were
 * replayed or discarded, answered orders, ended triggers. Runs with their totals stay, and of each
 * range of a source its digest, by which the source is known again.
 */
final class Pruning {
  private static final int RUNS_AT_ONCE = 500;

  private Pruning() {}

  /**
   * Where pruning is.
   *
   * @param run number of the last run that was looked at
   * @param batches how many batches were forgotten
   * @param more whether there are further runs
   */
  record Progress(long run, long batches, boolean more) {}

  /** Looks at some runs behind the one with this number. */
  static Progress some(Connection connection, long afterRun, Instant before) throws SQLException {
    List<long[]> runs =
        Sql.list(
            connection,
            row -> new long[] {row.getLong("number"), row.getLong("unit")},
            """
            SELECT number, unit FROM run WHERE number > ? AND ended_at < ? ORDER BY number LIMIT ?""",
            afterRun,
            before,
            RUNS_AT_ONCE);
    long batches = 0;
    long last = afterRun;
    for (long[] run : runs) {
      batches += unit(connection, run[1], before);
      last = run[0];
    }
    if (runs.size() < RUNS_AT_ONCE) {
      Sql.update(connection, "DELETE FROM request WHERE state = 'done' AND created_at < ?", before);
      TriggerStore.prune(connection, before);
    }
    return new Progress(last, batches, runs.size() == RUNS_AT_ONCE);
  }

  private static long unit(Connection connection, long unit, Instant before) throws SQLException {
    if (isNeeded(connection, unit, before)) {
      return 0;
    }
    Sql.update(
        connection,
        "DELETE FROM dead_letter WHERE batch IN (SELECT id FROM batch WHERE unit = ?)",
        unit);
    Sql.update(
        connection,
        "DELETE FROM former_token WHERE batch IN (SELECT id FROM batch WHERE unit = ?)",
        unit);
    Sql.update(
        connection,
        """
        INSERT INTO settled_range (unit, position_from, position_to, first_record, records, digest)
        SELECT unit, position_from, position_to, first_record, records, digest FROM batch
        WHERE unit = ? AND parent IS NULL""",
        unit);
    // the later ones first: a batch refers to the one in whose place it came
    long batches = 0;
    int deleted;
    do {
      deleted =
          Sql.update(
              connection,
              """
              DELETE FROM batch WHERE unit = ? AND id NOT IN (
                SELECT parent FROM batch WHERE unit = ? AND parent IS NOT NULL)""",
              unit,
              unit);
      batches += deleted;
    } while (deleted > 0);
    return batches;
  }

  private static boolean isNeeded(Connection connection, long unit, Instant before)
      throws SQLException {
    return Sql.number(
            connection,
            """
            SELECT COUNT(*) FROM unit WHERE id = ? AND EXISTS (
                SELECT 1 FROM batch WHERE batch.unit = unit.id)
              AND NOT EXISTS (SELECT 1 FROM batch WHERE batch.unit = unit.id
                AND (state = 'planned' OR settled_at >= ?))
              AND NOT EXISTS (SELECT 1 FROM run WHERE run.unit = unit.id
                AND state NOT IN ('completed', 'completed_with_dead_letters', 'cancelled'))
              AND NOT EXISTS (
                SELECT 1 FROM dead_letter JOIN batch ON batch.id = dead_letter.batch
                WHERE batch.unit = unit.id AND (dead_letter.state IN ('stored', 'replaying')
                  OR dead_letter.settled_at >= ?))""",
            unit,
            before,
            before)
        == 0;
  }

  /** What is kept of a unit's pruned batches, in the order of their positions. */
  static List<LedgerBatch> ranges(Connection connection, Unit unit) throws SQLException {
    InsertShape shape =
        new InsertShape(
            unit.target(), "", List.of(), unit.format(), Collections.emptySortedMap(), 0, false);
    return Sql.list(
        connection,
        row -> {
          Position position = BatchStore.position(row);
          return new LedgerBatch(
              new BatchPlan(
                  "",
                  unit.flow(),
                  "",
                  unit.id(),
                  unit.sourceId(),
                  0,
                  position,
                  0,
                  row.getString("digest"),
                  "",
                  shape,
                  Instant.EPOCH,
                  "",
                  List.of()),
              BatchState.COMMITTED,
              1,
              0,
              List.of());
        },
        "SELECT * FROM settled_range WHERE unit = ? ORDER BY position_from",
        unit.id());
  }
}
