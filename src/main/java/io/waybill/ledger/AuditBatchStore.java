package io.waybill.ledger;

import io.waybill.batch.Payload;
import io.waybill.batch.Position;
import io.waybill.delivery.AuditOutbox.FrozenAudit;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.LedgerException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Planned batches of audit events; at most one is frozen at a time. */
final class AuditBatchStore {
  static final String FLOW = "waybill-audit";
  private static final int ID_DIGITS = 8;

  private AuditBatchStore() {}

  static Optional<FrozenAudit> frozen(Connection connection, Identity ledger) throws SQLException {
    Optional<BatchPlan> plan = frozenPlan(connection, ledger);
    if (plan.isEmpty()) {
      return Optional.empty();
    }
    Position events = plan.get().position();
    byte[] body =
        body(
            AuditStore.between(
                connection, epoch(connection, plan.get().id()), events.from(), events.to() - 1));
    if (!Digests.of(body).equals(plan.get().digest())) {
      throw new LedgerException(
          "the events of audit batch %s are not those that were planned; nobody but Waybill may change its ledger: restore it from a backup"
              .formatted(plan.get().id()),
          null);
    }
    return Optional.of(
        new FrozenAudit(plan.get(), Payload.of(body), TokenStore.of(connection, plan.get().id())));
  }

  static Optional<FrozenAudit> freeze(
      Connection connection, Identity ledger, InsertShape shape, int most, Instant at)
      throws SQLException {
    Optional<BatchPlan> already = frozenPlan(connection, ledger);
    if (already.isPresent()) {
      throw new IllegalStateException("audit batch " + already.get().id() + " is frozen already");
    }
    List<AuditStore.Event> events = AuditStore.oldest(connection, most);
    if (events.isEmpty()) {
      return Optional.empty();
    }
    byte[] body = body(events);
    Range range = new Range(events.get(0).seq(), events.get(events.size() - 1).seq());
    Identity writer = Identity.of(ledger.id(), events.get(0).epoch());
    String digest = Digests.of(body);
    BatchPlan plan =
        plan(writer, range, body.length, digest, token(writer, range, digest), shape, at);
    insert(connection, plan, writer.epoch(), range);
    return Optional.of(new FrozenAudit(plan, Payload.of(body), List.of()));
  }

  static void renew(Connection connection, BatchPlan plan) throws SQLException {
    TokenStore.keep(
        connection, plan.id(), "SELECT token FROM audit_batch WHERE id = ? AND state = 'planned'");
    Sql.updateOne(
        connection,
        "audit batch " + plan.id() + " is not frozen",
        "UPDATE audit_batch SET token = ? WHERE id = ? AND state = 'planned'",
        plan.token(),
        plan.id());
  }

  static void settled(Connection connection, BatchPlan plan) throws SQLException {
    Sql.updateOne(
        connection,
        "audit batch " + plan.id() + " is not frozen",
        "UPDATE audit_batch SET state = 'committed' WHERE id = ? AND state = 'planned' AND token = ?",
        plan.id(),
        plan.token());
    AuditStore.sent(connection, epoch(connection, plan.id()), plan.position().to() - 1);
  }

  private static int epoch(Connection connection, String id) throws SQLException {
    return (int) Sql.number(connection, "SELECT epoch FROM audit_batch WHERE id = ?", id);
  }

  /** Numbers of events, both inclusive. */
  private record Range(long from, long to) {}

  private static Optional<BatchPlan> frozenPlan(Connection connection, Identity ledger)
      throws SQLException {
    ShapeStore.Reader shapes = new ShapeStore.Reader();
    return Sql.first(
        connection,
        row -> plan(row, shapes, ledger),
        "SELECT audit_batch.*, "
            + ShapeStore.Reader.COLUMNS
            + """

            FROM audit_batch JOIN shape ON shape.id = audit_batch.shape
            WHERE audit_batch.state = 'planned'""");
  }

  private static BatchPlan plan(ResultSet row, ShapeStore.Reader shapes, Identity ledger)
      throws SQLException {
    return plan(
        Identity.of(ledger.id(), row.getInt("epoch")),
        new Range(row.getLong("from_seq"), row.getLong("to_seq")),
        row.getLong("bytes"),
        row.getString("digest"),
        row.getString("token"),
        shapes.shape(row),
        Micros.instant(row, "planned_at"));
  }

  /** The unit is 0, which no source has; positions are numbers of events. */
  private static BatchPlan plan(
      Identity ledger,
      Range range,
      long bytes,
      String digest,
      String token,
      InsertShape shape,
      Instant at) {
    long count = range.to() - range.from() + 1;
    return new BatchPlan(
        "audit-%s-%d-%d-%d"
            .formatted(
                ledger.id().substring(0, ID_DIGITS), ledger.epoch(), range.from(), range.to()),
        FLOW,
        FLOW,
        0,
        ledger.id(),
        range.from(),
        new Position(range.from(), range.to() + 1, range.from(), count),
        bytes,
        digest,
        token,
        shape,
        at,
        "",
        List.of());
  }

  private static void insert(Connection connection, BatchPlan plan, int epoch, Range range)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO audit_batch (id, epoch, from_seq, to_seq, bytes, digest, token, shape, state,
          planned_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?)""",
        plan.id(),
        epoch,
        range.from(),
        range.to(),
        plan.bytes(),
        plan.digest(),
        plan.token(),
        ShapeStore.number(connection, plan.shape()),
        plan.plannedAt());
  }

  private static String token(Identity ledger, Range range, String digest) {
    return Digests.of(
        Json.write(List.of(ledger.id(), ledger.epoch(), range.from(), range.to(), digest)));
  }

  private static byte[] body(List<AuditStore.Event> events) {
    return events.stream()
        .map(event -> event.line() + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }
}
