package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Writes a consistent copy of a ledger that may be in use, by SQLite's {@code VACUUM INTO}. */
public final class LedgerBackup {
  private LedgerBackup() {}

  /**
   * Writes the copy, readable for its owner only; it is on disk when this returns.
   *
   * @throws FileAlreadyExistsException if there is such a file
   * @throws LedgerException if the ledger cannot be read or the copy not be written
   */
  public static void write(Path ledger, Path file) throws IOException {
    if (Files.notExists(ledger)) {
      throw new NoSuchFileException(ledger.toString(), null, "there is no ledger yet");
    }
    Path to = file.toAbsolutePath().normalize();
    if (Files.exists(to)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    OwnerOnly.createFile(to);
    LedgerDatabase database =
        new LedgerDatabase(SqliteConnector.reading(ledger.toAbsolutePath().normalize()));
    try {
      database.read(
          "back the ledger up",
          connection -> Sql.update(connection, "VACUUM INTO ?", to.toString()));
      DurableFiles.sync(to);
      DurableFiles.sync(to.getParent());
    } catch (LedgerException e) {
      Files.deleteIfExists(to);
      throw e;
    } finally {
      database.close();
    }
  }
}
