package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;

/** The ledger's file: where it may lie, who may read it, how it comes into being. */
final class SqliteFile {
  private SqliteFile() {}

  /** Makes sure that there is a ledger that only its owner can read, and that the place will do. */
  static void prepare(Path file, Origin origin) {
    Path folder = file.getParent();
    try {
      OwnerOnly.createFolders(folder);
      NetworkFileSystems.refuse(file, Files.getFileStore(folder).type());
      if (Files.exists(file)) {
        refuseEmpty(file);
        OwnerOnly.restrict(file);
      } else {
        refuseOrphanedLog(file);
        create(file, origin);
      }
    } catch (IOException e) {
      throw new LedgerException(
          "cannot write the ledger %s (%s); make its folder writable for the user that runs Waybill"
              .formatted(file, e),
          e);
    }
  }

  static String damaged(Path file, String reason) {
    return """
        the ledger %s is damaged (%s). Restore it from a backup. Without one: move it away, with its \
        -wal and -shm files, and start again; sources that are still there are then delivered from \
        their beginning, and only the deduplication windows of the target tables keep their rows from \
        being doubled, see docs/guarantee.md"""
        .formatted(file, reason);
  }

  private static void refuseEmpty(Path file) throws IOException {
    // SQLite would take it for a new database; ours are never empty once they have their name
    if (Files.size(file) == 0) {
      throw new LedgerException(damaged(file, "it is empty"), null);
    }
  }

  /** SQLite would apply a log that belongs to another database. */
  private static void refuseOrphanedLog(Path file) {
    Path log = beside(file, "-wal");
    if (Files.exists(log)) {
      throw new LedgerException(
          damaged(file, "it is gone, and %s is there".formatted(log.getFileName())), null);
    }
  }

  /** Whole or not at all: made under another name, and renamed when it is on disk. */
  private static void create(Path file, Origin origin) throws IOException {
    Path unfinished = beside(file, ".new");
    for (String leftover : new String[] {"", "-wal", "-shm", "-journal"}) {
      Files.deleteIfExists(beside(unfinished, leftover));
    }
    OwnerOnly.createFile(unfinished);
    SqliteConnector connector = SqliteConnector.writing(unfinished);
    try (Connection connection = connector.connect()) {
      Migrations.upgrade(connection, file, origin);
      Identity.create(connection, origin);
    } catch (SQLException e) {
      throw connector.explain("make a ledger", e);
    }
    DurableFiles.sync(unfinished);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.sync(file.getParent());
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
