package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.ChainEntry;
import io.waybill.audit.TrailActions;
import io.waybill.audit.TrailVerifier;
import io.waybill.ledger.AuditSelection.Cursor;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Forgets events, so that the chain can still be verified: the content of one that is old goes
 * first, its head with the hash stays; and where nothing but heads is left at the beginning of the
 * chain, all up to there goes, and an event keeps the last hash. Events that tell of the chain
 * itself have no content to lose and go in the second way only.
 */
final class TrailPruning {
  private static final int AT_ONCE = 500;
  private static final String SENT =
      """
      AND seq <= (SELECT COALESCE(MAX(audit_sent), 0) FROM (
        SELECT epoch, audit_sent FROM audit_epoch UNION ALL SELECT epoch, audit_sent FROM meta)
        AS chain WHERE chain.epoch = audit_event.epoch)""";

  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;
  private final Instant at;

  TrailPruning(LedgerDatabase database, Identity identity, Origin origin, Instant at) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
    this.at = at;
  }

  long prune(Map<String, Instant> before, Instant otherwise) {
    long forgotten = 0;
    for (String kind : database.read("look at the audit trail", TrailPruning::kinds)) {
      forgotten += empty(kind, before.getOrDefault(kind, otherwise));
    }
    Instant oldest =
        Stream.concat(before.values().stream(), Stream.of(otherwise))
            .min(Instant::compareTo)
            .orElse(otherwise);
    for (TrailChain chain : database.read("look at the audit trail", TrailRows::chains)) {
      database.change(
          "prune the audit trail", connection -> cut(connection, chain.last().epoch(), oldest));
    }
    return forgotten;
  }

  private static List<String> kinds(Connection connection) throws SQLException {
    return Sql.list(
            connection, row -> row.getString(1), "SELECT DISTINCT kind FROM audit_event ORDER BY 1")
        .stream()
        .filter(kind -> !TrailVerifier.MARKING.contains(kind))
        .toList();
  }

  /**
   * What was taken is noted with the first part of it: a crash leaves the rest to the next time.
   */
  private long empty(String kind, Instant before) {
    long emptied = 0;
    Cursor place = new Cursor(0, 0);
    List<AuditRow> some;
    do {
      Cursor from = place;
      some =
          database.transaction(
              "prune the audit trail", connection -> some(connection, kind, before, from));
      emptied += some.size();
      if (!some.isEmpty()) {
        AuditRow last = some.get(some.size() - 1);
        place = new Cursor(last.epoch(), last.seq());
      }
    } while (some.size() == AT_ONCE);
    return emptied;
  }

  private List<AuditRow> some(Connection connection, String kind, Instant before, Cursor from)
      throws SQLException {
    List<AuditRow> rows =
        Sql.list(
            connection,
            TrailRows::row,
            "SELECT * FROM audit_event WHERE kind = ? AND noted_at < ? AND pruned = 0"
                + " AND (epoch > ? OR (epoch = ? AND seq > ?)) "
                + SENT
                + " ORDER BY epoch, seq LIMIT ?",
            kind,
            before,
            from.epoch(),
            from.epoch(),
            from.seq(),
            AT_ONCE);
    for (AuditRow row : rows) {
      empty(connection, row);
    }
    if (from.epoch() == 0 && !rows.isEmpty()) {
      note(
          connection,
          AuditEvent.of(AuditKind.RETENTION, at)
              .with(AuditField.ACTION, TrailActions.PRUNE_EVENTS)
              .with(AuditField.SOURCE, kind)
              .with(AuditField.UNTIL, before)
              .build());
    }
    return rows;
  }

  private static void empty(Connection connection, AuditRow row) throws SQLException {
    // what is no event is left for who verifies the trail
    String left = ChainEntry.parse(row.line()).map(ChainEntry::withoutContent).orElse(row.line());
    Sql.update(
        connection,
        "UPDATE audit_event SET pruned = 1, event = ? WHERE epoch = ? AND seq = ?",
        left,
        row.epoch(),
        row.seq());
  }

  private void cut(Connection connection, int epoch, Instant before) throws SQLException {
    long end =
        Sql.number(
                connection,
                """
                SELECT COALESCE((SELECT seq FROM audit_event WHERE epoch = ? AND pruned = 0
                  AND NOT (kind IN ('head', 'retention', 'ledger') AND noted_at < ?)
                  ORDER BY seq LIMIT 1),
                  (SELECT MAX(seq) + 1 FROM audit_event WHERE epoch = ?), 0)""",
                epoch,
                before,
                epoch)
            - 1;
    Optional<AuditRow> last =
        TrailRows.between(connection, epoch, end - 1, end).stream().findFirst();
    boolean sent =
        Sql.number(
                connection,
                "SELECT COUNT(*) FROM audit_event WHERE epoch = ? AND seq = ? " + SENT,
                epoch,
                end)
            == 1;
    boolean olderEpochs =
        Sql.number(connection, "SELECT COUNT(*) FROM audit_event WHERE epoch < ?", epoch) > 0;
    if (last.isEmpty() || !sent || olderEpochs) {
      return;
    }
    int gone =
        Sql.update(connection, "DELETE FROM audit_event WHERE epoch = ? AND seq <= ?", epoch, end);
    note(
        connection,
        AuditEvent.of(AuditKind.RETENTION, at)
            .with(AuditField.ACTION, TrailActions.CUT)
            .with(AuditField.POSITION_FROM, epoch)
            .with(AuditField.POSITION_TO, end)
            .with(
                AuditField.DIGEST,
                ChainEntry.parse(last.get().line()).map(ChainEntry::hash).orElse(""))
            .with(AuditField.ROWS, gone)
            .build());
  }

  private void note(Connection connection, AuditEvent event) throws SQLException {
    AuditStore.add(connection, event, identity, origin);
  }
}
