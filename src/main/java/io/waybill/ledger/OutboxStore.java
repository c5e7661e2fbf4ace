package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Waybill;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Audit events on their way, numbered without gaps. */
final class OutboxStore {
  private OutboxStore() {}

  static void add(Connection connection, Waybill waybill, Identity ledger, Origin origin)
      throws SQLException {
    long seq = next(connection, ledger);
    add(connection, seq, AuditEvent.line(waybill, ledger, seq, origin));
  }

  static void add(
      Connection connection, AuditEvent.Decision decision, Identity ledger, Origin origin)
      throws SQLException {
    long seq = next(connection, ledger);
    add(connection, seq, AuditEvent.line(decision, ledger, seq, origin));
  }

  static void add(Connection connection, RouteBook.Change change, Identity ledger, Origin origin)
      throws SQLException {
    long seq = next(connection, ledger);
    add(connection, seq, AuditEvent.line(change, ledger, seq, origin));
  }

  /** Numbers of an epoch are only given by those who know that it is this one. */
  private static long next(Connection connection, Identity ledger) throws SQLException {
    return Sql.first(
            connection,
            row -> row.getLong(1),
            "UPDATE meta SET audit_seq = audit_seq + 1 WHERE epoch = ? RETURNING audit_seq",
            ledger.epoch())
        .orElseThrow(
            () ->
                new LedgerException(
                    "the ledger is not of epoch %d any more: it was adopted meanwhile; start Waybill again"
                        .formatted(ledger.epoch()),
                    null));
  }

  private static void add(Connection connection, long seq, String line) throws SQLException {
    Sql.update(connection, "INSERT INTO outbox (seq, event) VALUES (?, ?)", seq, line);
  }

  /**
   * How many events there are, in constant time: numbers have no gaps and events leave from the
   * front only.
   */
  static long pending(Connection connection) throws SQLException {
    return Sql.number(
        connection,
        "SELECT COALESCE((SELECT MAX(seq) FROM outbox) - (SELECT MIN(seq) FROM outbox) + 1, 0)");
  }

  static List<Event> oldest(Connection connection, int most) throws SQLException {
    return Sql.list(
        connection,
        row -> new Event(row.getLong("seq"), row.getString("event")),
        "SELECT seq, event FROM outbox ORDER BY seq LIMIT ?",
        most);
  }

  static List<Event> between(Connection connection, long from, long to) throws SQLException {
    return Sql.list(
        connection,
        row -> new Event(row.getLong("seq"), row.getString("event")),
        "SELECT seq, event FROM outbox WHERE seq BETWEEN ? AND ? ORDER BY seq",
        from,
        to);
  }

  static void remove(Connection connection, long from, long to) throws SQLException {
    Sql.update(connection, "DELETE FROM outbox WHERE seq BETWEEN ? AND ?", from, to);
  }

  /** One line, as it was written with its settlement. */
  record Event(long seq, String line) {}
}
