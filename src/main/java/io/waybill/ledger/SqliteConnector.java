package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteErrorCode;

/** Opens connections to a SQLite file; their PRAGMAs are part of the guarantee. */
final class SqliteConnector implements Connector {
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);
  private final Path file;
  private final boolean readOnly;

  private SqliteConnector(Path file, boolean readOnly) {
    this.file = file;
    this.readOnly = readOnly;
  }

  static SqliteConnector writing(Path file) {
    return new SqliteConnector(file, false);
  }

  static SqliteConnector reading(Path file) {
    return new SqliteConnector(file, true);
  }

  @Override
  public Connection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
    config.enforceForeignKeys(true);
    if (readOnly) {
      config.setReadOnly(true);
    } else {
      config.setJournalMode(JournalMode.WAL);
      // in WAL mode FULL means that each commit is synced before it returns
      config.setSynchronous(SynchronousMode.FULL);
      // the lock is taken at the beginning, where busy_timeout waits for it, not in mid-transaction
      config.setTransactionMode(TransactionMode.IMMEDIATE);
    }
    // as URI: a plain file name would be cut at a question mark
    Connection connection = config.createConnection("jdbc:sqlite:" + file.toUri());
    try {
      if (!readOnly) {
        // a backup made by VACUUM INTO is in another mode until it is written to
        refuseWithoutWal(connection);
      }
      syncToThePlatter(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** On macOS a plain fsync stops at the disk's cache; elsewhere these make no difference. */
  private static void syncToThePlatter(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA fullfsync = 1");
      statement.execute("PRAGMA checkpoint_fullfsync = 1");
    }
  }

  /** Where shared memory does not work SQLite stays in another mode without an error. */
  private void refuseWithoutWal(Connection connection) throws SQLException {
    String mode = Sql.first(connection, row -> row.getString(1), "PRAGMA journal_mode").orElse("");
    if (!mode.equals("wal")) {
      throw new LedgerException(
          "the ledger %s cannot use write-ahead logging here (journal mode is %s); move it to a local disk"
              .formatted(file, mode),
          null);
    }
  }

  @Override
  public LedgerException explain(String what, SQLException cause) {
    // extended codes hold the primary one in their lowest byte
    int primary = cause.getErrorCode() & 0xff;
    String message =
        switch (SQLiteErrorCode.getErrorCode(primary)) {
          case SQLITE_NOTADB, SQLITE_CORRUPT -> SqliteFile.damaged(file, reason(cause));
          case SQLITE_FULL ->
              "cannot %s: no room left for the ledger %s; make room on its disk"
                  .formatted(what, file);
          case SQLITE_BUSY, SQLITE_LOCKED ->
              "cannot %s: another process has held the ledger %s for more than %d s; stop it"
                  .formatted(what, file, BUSY_TIMEOUT.toSeconds());
          case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
              "cannot %s: this user may not read and write the ledger %s and its folder; run Waybill as their owner"
                  .formatted(what, file);
          default ->
              "cannot %s in the ledger %s: %s; see docs/operations.md#ledger"
                  .formatted(what, file, reason(cause));
        };
    return new LedgerException(message, cause);
  }

  /** The driver's words without its "[SQLITE_NOTADB] File opened that is not a ... (...)". */
  private static String reason(SQLException cause) {
    String message = String.valueOf(cause.getMessage());
    int from = message.lastIndexOf('(');
    int to = message.lastIndexOf(')');
    return message.startsWith("[SQLITE") && from >= 0 && from < to
        ? message.substring(from + 1, to).toLowerCase(Locale.ROOT)
        : message;
  }
}
