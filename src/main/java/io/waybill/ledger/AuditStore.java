package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.ChainPoint;
import io.waybill.audit.SealedEvent;
import io.waybill.delivery.LedgerException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Audit events, numbered without gaps and chained; what ClickHouse does not have yet is the outbox.
 */
final class AuditStore {
  private AuditStore() {}

  /** Notes an event in the transaction that runs; returns where the chain is then. */
  static ChainPoint add(Connection connection, AuditEvent event, Identity ledger, Origin origin)
      throws SQLException {
    SealedEvent sealed =
        SealedEvent.seal(event, next(connection, ledger), origin.host(), origin.version());
    Sql.update(
        connection,
        "INSERT INTO audit_event (epoch, seq, kind, noted_at, event) VALUES (?, ?, ?, ?, ?)",
        sealed.point().epoch(),
        sealed.point().seq(),
        sealed.kind(),
        event.at(),
        sealed.line());
    Sql.update(connection, "UPDATE meta SET audit_hash = ?", sealed.point().hash());
    return sealed.point();
  }

  /**
   * Numbers of an epoch are only given by those who know that it is this one. Who has taken one is
   * alone until the transaction ends, so that the chain is in the order of its numbers.
   */
  private static ChainPoint next(Connection connection, Identity ledger) throws SQLException {
    return Sql.first(
            connection,
            row ->
                new ChainPoint(
                    ledger.id(),
                    ledger.epoch(),
                    row.getLong("audit_seq") - 1,
                    row.getString("audit_hash")),
            "UPDATE meta SET audit_seq = audit_seq + 1 WHERE epoch = ? RETURNING audit_seq, audit_hash",
            ledger.epoch())
        .orElseThrow(
            () ->
                new LedgerException(
                    "the ledger is not of epoch %d any more: it was adopted meanwhile; start Waybill again"
                        .formatted(ledger.epoch()),
                    null));
  }

  /** How many events ClickHouse does not have yet, in constant time. */
  static long pending(Connection connection) throws SQLException {
    return Sql.number(
        connection,
        """
        SELECT (SELECT audit_seq - audit_sent FROM meta)
          + (SELECT COALESCE(SUM(audit_seq - audit_sent), 0) FROM audit_epoch)""");
  }

  /** The oldest events that ClickHouse does not have yet, all of one epoch. */
  static List<Event> oldest(Connection connection, int most) throws SQLException {
    Optional<long[]> sent =
        Sql.first(
            connection,
            row -> new long[] {row.getLong("epoch"), row.getLong("audit_sent")},
            """
            SELECT epoch, audit_sent FROM audit_epoch WHERE audit_sent < audit_seq
            UNION ALL SELECT epoch, audit_sent FROM meta
            ORDER BY epoch LIMIT 1""");
    if (sent.isEmpty()) {
      return List.of();
    }
    List<Event> events =
        Sql.list(
            connection,
            AuditStore::event,
            "SELECT * FROM audit_event WHERE epoch = ? AND seq > ? ORDER BY seq LIMIT ?",
            sent.get()[0],
            sent.get()[1],
            most);
    requireAll(events, sent.get()[1]);
    return events;
  }

  private static void requireAll(List<Event> events, long after) {
    long expected = after;
    for (Event event : events) {
      expected++;
      if (event.seq() != expected) {
        throw new LedgerException(
            "audit event %d of epoch %d is gone from the ledger; nobody but Waybill may change it: './waybill audit verify' says more"
                .formatted(expected, event.epoch()),
            null);
      }
    }
  }

  static List<Event> between(Connection connection, int epoch, long from, long to)
      throws SQLException {
    return Sql.list(
        connection,
        AuditStore::event,
        "SELECT * FROM audit_event WHERE epoch = ? AND seq BETWEEN ? AND ? ORDER BY seq",
        epoch,
        from,
        to);
  }

  /** Notes that events up to this number arrived in ClickHouse. */
  static void sent(Connection connection, int epoch, long to) throws SQLException {
    for (String table : List.of("meta", "audit_epoch")) {
      Sql.update(
          connection,
          "UPDATE " + table + " SET audit_sent = ? WHERE epoch = ? AND audit_sent < ?",
          to,
          epoch,
          to);
    }
  }

  /**
   * Events up to this number turn out to be in ClickHouse: another copy of this ledger carried
   * them, maybe in other batches than the one that is frozen here.
   */
  static void arrived(Connection connection, int epoch, long to) throws SQLException {
    sent(connection, epoch, to);
    Sql.update(
        connection,
        "UPDATE audit_batch SET state = 'committed' WHERE state = 'planned' AND epoch = ? AND to_seq <= ?",
        epoch,
        to);
  }

  private static Event event(ResultSet row) throws SQLException {
    return new Event(row.getInt("epoch"), row.getLong("seq"), row.getString("event"));
  }

  /** One line, as it was written with what it tells of. */
  record Event(int epoch, long seq, String line) {}
}
