package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditKind;
import io.waybill.audit.ChainEntry;
import io.waybill.audit.SignedHead;
import io.waybill.audit.TrailVerifier;
import io.waybill.ledger.AuditSelection.Cursor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The trail in this ledger: what is to be signed of it, and what is to be forgotten. Thread-safe.
 * Methods throw {@link io.waybill.delivery.LedgerException}.
 */
public final class TrailBook {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;

  TrailBook(LedgerDatabase database, Identity identity, Origin origin) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
  }

  /**
   * Notes an event in a ledger that another process may have open; one that an older Waybill made
   * and nobody opened since has no place for it.
   *
   * @param file the ledger
   */
  public static void note(Path file, Origin origin, AuditEvent event) {
    LedgerDatabase database =
        new LedgerDatabase(SqliteConnector.writing(file.toAbsolutePath().normalize()));
    try {
      database.change(
          "note an audit event",
          connection -> {
            if (Migrations.isCurrent(connection, Dialect.SQLITE)) {
              AuditStore.add(connection, event, Identity.read(connection), origin);
            }
          });
    } finally {
      database.close();
    }
  }

  /** How far the chain of this epoch is. */
  public TrailChain chain() {
    List<TrailChain> chains = database.read("look at the audit trail", TrailRows::chains);
    return chains.get(chains.size() - 1);
  }

  /** The last head of this epoch that the trail tells of. */
  public Optional<ChainEntry> lastHead() {
    return database
        .read(
            "look for a signed head",
            connection -> TrailRows.lastMark(connection, identity.epoch(), AuditKind.HEAD.label()))
        .flatMap(row -> ChainEntry.parse(row.line()));
  }

  /** All events of this epoch behind one number, up to another, in their order. */
  public void between(long after, long to, Consumer<AuditRow> hears) {
    TrailRows.each(
        database,
        new Cursor(identity.epoch(), after),
        (connection, place) -> TrailRows.between(connection, identity.epoch(), place.seq(), to),
        hears);
  }

  /** All events that say something of the chain itself, but signed heads; kind by kind. */
  public void marks(Consumer<AuditRow> hears) {
    TrailVerifier.MARKING.stream()
        .filter(kind -> !kind.equals(AuditKind.HEAD.label()))
        .forEach(kind -> marks(kind, hears));
  }

  private void marks(String kind, Consumer<AuditRow> hears) {
    TrailRows.each(
        database,
        new Cursor(0, 0),
        (connection, place) -> TrailRows.marks(connection, place, kind),
        hears);
  }

  /** Notes that the chain was signed. */
  public void signed(SignedHead head) {
    AuditEvent event = head.event();
    database.change(
        "note a signed head", connection -> AuditStore.add(connection, event, identity, origin));
  }

  /**
   * Forgets what events of these kinds say that are older, and events altogether before which
   * nothing is kept any more; each in the trail. What ClickHouse does not have yet stays.
   *
   * @param before times by label of kind
   * @param otherwise the time for kinds that are not named
   * @return how many events were forgotten
   */
  public long prune(Map<String, Instant> before, Instant otherwise, Instant at) {
    return new TrailPruning(database, identity, origin, at).prune(before, otherwise);
  }
}
