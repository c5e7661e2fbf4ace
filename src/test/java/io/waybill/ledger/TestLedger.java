package io.waybill.ledger;

import io.waybill.testing.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** Where a test has its ledger: the same tests go for each place. */
interface TestLedger {

  JdbcLedger open(Origin origin);

  LedgerReader read();

  /** A connection by which somebody else gets at it. */
  Connection connect() throws SQLException;

  boolean isShared();

  default JdbcLedger open() {
    return open(Samples.ORIGIN);
  }

  static TestLedger inFile(Path file) {
    return new InFile(file);
  }

  /** In a new schema. */
  static TestLedger inPostgres(Path home) {
    return new InPostgres(TestPostgres.shared(), TestPostgres.shared().newSchema(), home);
  }

  /** In a SQLite file. */
  record InFile(Path file) implements TestLedger {
    @Override
    public JdbcLedger open(Origin origin) {
      return JdbcLedger.open(file, origin);
    }

    @Override
    public LedgerReader read() {
      return LedgerReader.open(file);
    }

    @Override
    public Connection connect() throws SQLException {
      return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Override
    public boolean isShared() {
      return false;
    }
  }

  /** In a schema of a PostgreSQL. */
  record InPostgres(TestPostgres server, String schema, Path home) implements TestLedger {
    PostgresPlace place() {
      return place(server.url(schema), home);
    }

    static PostgresPlace place(String url, Path home) {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setUrl(url);
      source.setUser(TestPostgres.USER);
      return new PostgresPlace("test", source, home);
    }

    @Override
    public JdbcLedger open(Origin origin) {
      return JdbcLedger.open(place(), origin);
    }

    @Override
    public LedgerReader read() {
      return LedgerReader.open(place());
    }

    @Override
    public Connection connect() throws SQLException {
      return server.connect(schema);
    }

    @Override
    public boolean isShared() {
      return true;
    }
  }
}
