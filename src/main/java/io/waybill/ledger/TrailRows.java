package io.waybill.ledger;

import io.waybill.audit.ChainEntry;
import io.waybill.audit.ChainPoint;
import io.waybill.ledger.AuditSelection.Cursor;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads the trail. */
final class TrailRows {
  /** How many are read at once. */
  private static final int PAGE = 5_000;

  /** As the index on them says it. */
  private static final String MARKS = "kind IN ('head', 'retention', 'ledger')";

  private TrailRows() {}

  /** Reads a page of the trail. */
  interface Page {
    /** What comes behind a place. */
    List<AuditRow> behind(Connection connection, Cursor place) throws SQLException;
  }

  /** Reads what is behind a place, a page at a time, so that others get their turn. */
  static void each(LedgerDatabase database, Cursor start, Page pages, Consumer<AuditRow> hears) {
    Cursor place = start;
    List<AuditRow> page;
    do {
      Cursor from = place;
      page = database.read("read the audit trail", connection -> pages.behind(connection, from));
      page.forEach(hears);
      if (!page.isEmpty()) {
        AuditRow last = page.get(page.size() - 1);
        place = new Cursor(last.epoch(), last.seq());
      }
    } while (page.size() == PAGE);
  }

  /** The chains of all epochs that the ledger counts, the oldest first. */
  static List<TrailChain> chains(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        row ->
            new TrailChain(
                new ChainPoint(
                    row.getString("id"),
                    row.getInt("epoch"),
                    row.getLong("audit_seq"),
                    row.getString("audit_hash")),
                row.getLong("audit_from"),
                row.getLong("audit_sent")),
        """
        SELECT meta.id AS id, audit_epoch.epoch AS epoch, audit_epoch.audit_seq AS audit_seq,
          audit_epoch.audit_hash AS audit_hash, audit_epoch.audit_from AS audit_from,
          audit_epoch.audit_sent AS audit_sent FROM audit_epoch, meta
        UNION ALL SELECT id, epoch, audit_seq, audit_hash, audit_from, audit_sent FROM meta
        ORDER BY epoch""");
  }

  /** The next page behind a place, of some kinds or of all. */
  static List<AuditRow> after(Connection connection, Cursor place, List<String> kinds)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    Collections.addAll(values, place.epoch(), place.epoch(), place.seq());
    values.addAll(kinds);
    values.add(PAGE);
    return Sql.list(
        connection,
        TrailRows::row,
        """
        SELECT * FROM audit_event WHERE (epoch > ? OR (epoch = ? AND seq > ?))%s
        ORDER BY epoch, seq LIMIT ?"""
            .formatted(among(kinds)),
        values.toArray());
  }

  /** The next page behind a place, of a kind that says something of the chain itself. */
  static List<AuditRow> marks(Connection connection, Cursor place, String kind)
      throws SQLException {
    return Sql.list(
        connection,
        TrailRows::row,
        "SELECT * FROM audit_event WHERE "
            + MARKS
            + " AND kind = ? AND (epoch > ? OR (epoch = ? AND seq > ?))"
            + " ORDER BY epoch, seq LIMIT ?",
        kind,
        place.epoch(),
        place.epoch(),
        place.seq(),
        PAGE);
  }

  /** The last event of an epoch of a kind that says something of the chain itself. */
  static Optional<AuditRow> lastMark(Connection connection, int epoch, String kind)
      throws SQLException {
    return Sql.first(
        connection,
        TrailRows::row,
        "SELECT * FROM audit_event WHERE "
            + MARKS
            + " AND kind = ? AND epoch = ? ORDER BY seq DESC LIMIT 1",
        kind,
        epoch);
  }

  /** Events of an epoch behind one number, up to another. */
  static List<AuditRow> between(Connection connection, int epoch, long after, long to)
      throws SQLException {
    return Sql.list(
        connection,
        TrailRows::row,
        "SELECT * FROM audit_event WHERE epoch = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
        epoch,
        after,
        to,
        PAGE);
  }

  static List<TrailRange> ranges(Connection connection, Instant from, Instant to)
      throws SQLException {
    return Sql.list(
        connection,
        row -> new TrailRange(row.getInt("epoch"), row.getLong("first"), row.getLong("last")),
        """
        SELECT epoch, MIN(seq) AS first, MAX(seq) AS last FROM audit_event
        WHERE noted_at >= ? AND noted_at < ? GROUP BY epoch ORDER BY epoch""",
        from,
        to);
  }

  /** The newest first of those that are meant. */
  static List<AuditRow> latest(Connection connection, AuditSelection selection, int limit)
      throws SQLException {
    List<AuditRow> found = new ArrayList<>();
    AuditSelection rest = selection;
    while (found.size() < limit) {
      List<AuditRow> page = page(connection, rest);
      for (AuditRow row : page) {
        boolean meant = ChainEntry.parse(row.line()).map(selection::matches).orElse(false);
        if (meant && found.size() < limit) {
          found.add(row);
        }
      }
      if (page.size() < PAGE) {
        return found;
      }
      AuditRow last = page.get(page.size() - 1);
      rest = selection.olderThan(new Cursor(last.epoch(), last.seq()));
    }
    return found;
  }

  private static List<AuditRow> page(Connection connection, AuditSelection selection)
      throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT * FROM audit_event WHERE 1 = 1");
    List<Object> values = new ArrayList<>(selection.kinds());
    sql.append(among(selection.kinds()));
    if (selection.from().isPresent()) {
      sql.append(" AND noted_at >= ?");
      values.add(selection.from().get());
    }
    if (selection.to().isPresent()) {
      sql.append(" AND noted_at < ?");
      values.add(selection.to().get());
    }
    if (selection.before().isPresent()) {
      sql.append(" AND (epoch < ? OR (epoch = ? AND seq < ?))");
      Cursor before = selection.before().get();
      Collections.addAll(values, before.epoch(), before.epoch(), before.seq());
    }
    values.add(PAGE);
    return Sql.list(
        connection,
        TrailRows::row,
        sql.append(" ORDER BY epoch DESC, seq DESC LIMIT ?").toString(),
        values.toArray());
  }

  private static String among(List<String> kinds) {
    return kinds.isEmpty()
        ? ""
        : kinds.stream().map(kind -> "?").collect(Collectors.joining(", ", " AND kind IN (", ")"));
  }

  static AuditRow row(ResultSet row) throws SQLException {
    return new AuditRow(
        row.getInt("epoch"),
        row.getLong("seq"),
        row.getString("kind"),
        Micros.instant(row, "noted_at"),
        row.getString("event"));
  }
}
