package io.waybill.ledger;

import io.waybill.batch.Position;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Batches: planned once, settled once. */
final class BatchStore {
  private BatchStore() {}

  static List<LedgerBatch> ofUnit(Connection connection, long unit) throws SQLException {
    // what is pruned was settled, and comes before what was planned since
    List<LedgerBatch> batches = new ArrayList<>();
    for (Unit each : UnitStore.find(connection, unit).stream().toList()) {
      batches.addAll(Pruning.ranges(connection, each));
    }
    batches.addAll(
        list(connection, TokenStore.ofPlanned(connection, unit), "batch.unit = ?", unit));
    return batches;
  }

  static List<LedgerBatch> planned(Connection connection, long unit) throws SQLException {
    return list(
        connection,
        TokenStore.ofPlanned(connection, unit),
        "batch.unit = ? AND batch.state = 'planned'",
        unit);
  }

  static List<LedgerBatch> ofRun(Connection connection, String run) throws SQLException {
    return list(connection, Map.of(), "batch.run = ?", run);
  }

  static Optional<Position> lastPosition(Connection connection, long unit) throws SQLException {
    Optional<Position> last =
        Sql.first(
            connection,
            BatchStore::position,
            """
            SELECT * FROM batch WHERE unit = ?
            ORDER BY position_from DESC, sequence DESC LIMIT 1""",
            unit);
    return last.isPresent()
        ? last
        : Sql.first(
            connection,
            BatchStore::position,
            "SELECT * FROM settled_range WHERE unit = ? ORDER BY position_from DESC LIMIT 1",
            unit);
  }

  private static List<LedgerBatch> list(
      Connection connection, Map<String, List<String>> formerTokens, String which, Object key)
      throws SQLException {
    ShapeStore.Reader shapes = new ShapeStore.Reader();
    return Sql.list(
        connection,
        row -> batch(row, shapes, formerTokens),
        "SELECT batch.*, unit.flow, unit.source_id, "
            + ShapeStore.Reader.COLUMNS
            + " FROM batch JOIN unit ON unit.id = batch.unit JOIN shape ON shape.id = batch.shape WHERE "
            + which
            + " ORDER BY batch.position_from, batch.sequence",
        key);
  }

  /**
   * Only a batch of a running run of its own unit is planned. The run comes first: who changes it
   * at the same time waits, so that it cannot end in between.
   */
  static void plan(Connection connection, BatchPlan plan) throws SQLException {
    Position position = plan.position();
    RunStore.countPlan(connection, plan);
    Sql.update(
        connection,
        """
        INSERT INTO batch (id, run, unit, sequence, position_from, position_to, first_record,
          records, bytes, digest, token, shape, state, attempts, planned_at, parent, without)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', 1, ?, ?, ?)""",
        plan.id(),
        plan.run(),
        plan.unit(),
        plan.sequence(),
        position.from(),
        position.to(),
        position.firstRecord(),
        position.records(),
        plan.bytes(),
        plan.digest(),
        plan.token(),
        ShapeStore.number(connection, plan.shape()),
        plan.plannedAt(),
        plan.parent().isEmpty() ? null : plan.parent(),
        joined(plan.without()));
  }

  /** Only under the token that the sender knows: another may have renewed it or settled it. */
  static int nextAttempt(Connection connection, BatchPlan plan) throws SQLException {
    Optional<Attempt> attempt =
        Sql.first(
            connection,
            row -> new Attempt(row.getString("run"), row.getInt("attempts")),
            """
            UPDATE batch SET attempts = attempts + 1
            WHERE id = ? AND state = 'planned' AND token = ?
            RETURNING run, attempts""",
            plan.id(),
            plan.token());
    if (attempt.isEmpty()) {
      throw notPlanned(connection, plan.id(), "be sent");
    }
    RunStore.countAttempt(connection, attempt.get().run());
    return attempt.get().number();
  }

  private record Attempt(String run, int number) {}

  /** An attempt that applied nothing leaves no doubt. */
  static void refused(Connection connection, String id) throws SQLException {
    if (Sql.update(
            connection,
            """
            UPDATE batch SET refused = refused + 1
            WHERE id = ? AND state = 'planned' AND refused < attempts""",
            id)
        != 1) {
      throw notPlanned(connection, id, "be refused");
    }
  }

  static void reshape(Connection connection, BatchPlan plan) throws SQLException {
    if (Sql.update(
            connection,
            """
            UPDATE batch SET shape = ?, planned_at = ?
            WHERE id = ? AND state = 'planned' AND refused = attempts AND digest = ?""",
            ShapeStore.number(connection, plan.shape()),
            plan.plannedAt(),
            plan.id(),
            plan.digest())
        != 1) {
      throw notPlanned(connection, plan.id(), "be planned anew");
    }
  }

  /** Gives a planned batch another token. */
  static void renew(Connection connection, BatchPlan plan) throws SQLException {
    TokenStore.keep(
        connection, plan.id(), "SELECT token FROM batch WHERE id = ? AND state = 'planned'");
    if (Sql.update(
            connection,
            "UPDATE batch SET token = ? WHERE id = ? AND state = 'planned' AND digest = ?",
            plan.token(),
            plan.id(),
            plan.digest())
        != 1) {
      throw notPlanned(connection, plan.id(), "get another token");
    }
  }

  /**
   * From planned to committed, split or dead; token and digest say that it is the planned batch.
   */
  static void settle(Connection connection, Waybill waybill) throws SQLException {
    BatchPlan plan = waybill.plan();
    int settled =
        Sql.update(
            connection,
            """
            UPDATE batch SET state = ?, dead_rows = ?, settled_at = ?, elapsed_micros = ?, error_code = ?,
              error_name = ?, reason = ?, clickhouse_host = ?, clickhouse_user = ?
            WHERE id = ? AND run = ? AND state = 'planned' AND token = ? AND digest = ?""",
            waybill.state().label(),
            waybill.deadRows(),
            waybill.settledAt(),
            waybill.elapsed().dividedBy(ChronoUnit.MICROS.getDuration()),
            waybill.errorCode(),
            waybill.errorName(),
            waybill.reason(),
            waybill.server(),
            waybill.user(),
            plan.id(),
            plan.run(),
            plan.token(),
            plan.digest());
    if (settled != 1) {
      throw notPlanned(connection, plan.id(), "be settled as " + waybill.state().label());
    }
    RunStore.count(connection, waybill);
  }

  private static LedgerException notPlanned(Connection connection, String id, String what)
      throws SQLException {
    String state =
        Sql.first(connection, row -> row.getString(1), "SELECT state FROM batch WHERE id = ?", id)
            .map(label -> label.equals("planned") ? "planned with other content" : label)
            .orElse("unknown to the ledger");
    return new LedgerException("batch %s cannot %s: it is %s".formatted(id, what, state), null);
  }

  private static String joined(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static List<Long> parted(String numbers) {
    return numbers.isEmpty()
        ? List.of()
        : Stream.of(numbers.split(",")).map(Long::valueOf).toList();
  }

  private static LedgerBatch batch(
      ResultSet row, ShapeStore.Reader shapes, Map<String, List<String>> formerTokens)
      throws SQLException {
    BatchPlan plan =
        new BatchPlan(
            row.getString("id"),
            row.getString("flow"),
            row.getString("run"),
            row.getLong("unit"),
            row.getString("source_id"),
            row.getLong("sequence"),
            position(row),
            row.getLong("bytes"),
            row.getString("digest"),
            row.getString("token"),
            shapes.shape(row),
            Micros.instant(row, "planned_at"),
            parent(row),
            parted(row.getString("without")));
    return new LedgerBatch(
        plan,
        BatchState.of(row.getString("state")),
        row.getInt("attempts"),
        row.getInt("refused"),
        formerTokens.getOrDefault(plan.id(), List.of()));
  }

  static String parent(ResultSet row) throws SQLException {
    return Optional.ofNullable(row.getString("parent")).orElse("");
  }

  static long rows(ResultSet row) throws SQLException {
    return row.getLong("records") - parted(row.getString("without")).size();
  }

  static Position position(ResultSet row) throws SQLException {
    return new Position(
        row.getLong("position_from"),
        row.getLong("position_to"),
        row.getLong("first_record"),
        row.getLong("records"));
  }
}
