package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Looks for damage when a ledger is opened. SQLite itself refuses a wrong header and a file that
 * was cut off, at any size. All pages are read only while that takes a fraction of a second; a
 * damaged page of a larger ledger is an error when it is read.
 */
final class IntegrityCheck {
  private static final long MOST_BYTES = 64L << 20;

  private IntegrityCheck() {}

  static void run(Connection connection, Path file) throws SQLException {
    if (size(file) > MOST_BYTES) {
      return;
    }
    String finding =
        Sql.first(connection, row -> row.getString(1), "PRAGMA quick_check(1)").orElse("ok");
    if (!finding.equals("ok")) {
      throw new LedgerException(SqliteFile.damaged(file, finding), null);
    }
  }

  private static long size(Path file) throws SQLException {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new SQLException("cannot see its size: " + e, e);
    }
  }
}
