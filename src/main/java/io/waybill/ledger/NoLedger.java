package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** Stands in for a ledger that does not exist yet: an empty one in memory. */
record NoLedger(Path file, Origin origin) implements Connector {

  @Override
  public Connection connect() throws SQLException {
    Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite::memory:");
    try {
      Migrations.upgrade(connection, file, origin);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public LedgerException explain(String what, SQLException cause) {
    return new LedgerException("cannot " + what + ": " + cause.getMessage(), cause);
  }
}
