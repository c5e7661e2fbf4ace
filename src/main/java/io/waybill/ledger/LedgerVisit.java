package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditLog;
import io.waybill.delivery.LedgerException;
import java.nio.file.Path;
import java.util.List;

/**
 * A ledger that another process may have open, for a command that notes something in it or asks for
 * an approval. Thread-safe. Methods throw {@link LedgerException}.
 */
public final class LedgerVisit implements AuditLog, AutoCloseable {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;

  private LedgerVisit(LedgerDatabase database, Identity identity, Origin origin) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
  }

  /**
   * Of the ledger in this file, which is there.
   *
   * @throws LedgerException if it is damaged, not writable or of another version
   */
  public static LedgerVisit of(Path file, Origin origin) {
    Path absolute = file.toAbsolutePath().normalize();
    return open(
        new LedgerDatabase(SqliteConnector.writing(absolute)),
        Dialect.SQLITE,
        absolute.toString(),
        origin);
  }

  /** As {@link #of(Path, Origin)}, of a ledger in PostgreSQL. */
  public static LedgerVisit of(PostgresPlace place, Origin origin) {
    return open(
        new LedgerDatabase(PostgresConnector.visiting(place)),
        Dialect.POSTGRESQL,
        place.name(),
        origin);
  }

  private static LedgerVisit open(
      LedgerDatabase database, Dialect dialect, String name, Origin origin) {
    try {
      Identity identity =
          database.read(
              "open the ledger",
              connection -> {
                Migrations.refuseOther(connection, dialect, name, origin);
                return Identity.read(connection);
              });
      return new LedgerVisit(database, identity, origin);
    } catch (LedgerException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public void note(AuditEvent event) {
    database.change(
        "note an audit event",
        connection -> AuditStore.add(connection, event, Identity.read(connection), origin));
  }

  /** What needs a second person. */
  public ApprovalBook approvals() {
    return new ApprovalBook(database, identity, origin);
  }

  /** The kill switches that are on by order. */
  public List<KillSwitchRow> killSwitches() {
    return new KillSwitchBook(database, identity, origin).on();
  }

  @Override
  public void close() {
    database.close();
  }
}
