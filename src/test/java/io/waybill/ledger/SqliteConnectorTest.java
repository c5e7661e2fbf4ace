package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.Unit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteConnectorTest {
  @TempDir Path home;
  private Path file;

  @BeforeEach
  void make() {
    file = home.resolve("ledger.db");
    JdbcLedger.open(file, Samples.ORIGIN).close();
  }

  private static String pragma(Connection connection, String name) throws SQLException {
    return Sql.first(connection, row -> row.getString(1), "PRAGMA " + name).orElseThrow();
  }

  @Test
  void everyWritingConnectionIsDurable() throws SQLException {
    SqliteConnector connector = SqliteConnector.writing(file);
    try (Connection first = connector.connect();
        Connection second = connector.connect()) {
      for (Connection connection : List.of(first, second)) {
        assertThat(pragma(connection, "journal_mode")).isEqualTo("wal");
        assertThat(pragma(connection, "synchronous")).isEqualTo("2");
        assertThat(pragma(connection, "foreign_keys")).isEqualTo("1");
        assertThat(pragma(connection, "busy_timeout")).isEqualTo("10000");
        assertThat(pragma(connection, "fullfsync")).isEqualTo("1");
      }
    }
  }

  @Test
  void aReadingConnectionWaitsAndCannotWrite() throws SQLException {
    try (Connection reading = SqliteConnector.reading(file).connect()) {
      assertThat(pragma(reading, "busy_timeout")).isEqualTo("10000");
      assertThatThrownBy(() -> Sql.update(reading, "DELETE FROM meta"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("readonly");
    }
  }

  @Test
  void aConnectionThatReplacesAFailedOneIsSetUpAgain() {
    List<Connection> opened = new ArrayList<>();
    try (LedgerDatabase database = new LedgerDatabase(recording(opened, -1))) {
      assertThatThrownBy(
              () -> database.change("write", connection -> Sql.update(connection, "nonsense")))
          .isInstanceOf(LedgerException.class);
      String synchronous = database.read("read", connection -> pragma(connection, "synchronous"));

      assertThat(opened).hasSize(2);
      assertThat(synchronous).isEqualTo("2");
    }
  }

  @Test
  void aFullDiskFailsTheWholeTransactionAndLeavesAUsableLedger() throws SQLException {
    List<Connection> opened = new ArrayList<>();
    try (JdbcLedger ledger = JdbcLedger.open(file, Samples.ORIGIN, recording(opened, 60))) {
      Unit unit = Samples.unit(ledger, "a.csv");
      Run run = Samples.run(ledger, "r1", unit);
      long[] planned = {0};

      assertThatThrownBy(
              () -> {
                for (; ; ) {
                  ledger.plan(Samples.plan(run, unit, planned[0] + 1));
                  planned[0]++;
                }
              })
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("no room left for the ledger " + file)
          .hasMessageContaining("make room");
      assertThat(ledger.batches(unit.id())).hasSize((int) planned[0]).isNotEmpty();
    }
    try (JdbcLedger ledger = JdbcLedger.open(file, Samples.ORIGIN);
        LedgerReader reader = LedgerReader.open(file)) {
      assertThat(reader.run("r1").inDoubtBatches()).isEqualTo(reader.run("r1").attempts());
      assertThat(ledger.interruptedRuns()).hasSize(1);
    }
  }

  @Test
  void aLedgerThatAnotherProcessHoldsIsSaidToBeHeld() {
    SQLException busy = new SQLException("[SQLITE_BUSY]  The database file is locked", "", 5);

    assertThat(SqliteConnector.writing(file).explain("plan batch b", busy))
        .hasMessage(
            "cannot plan batch b: another process has held the ledger %s for more than 10 s; stop it"
                .formatted(file));
  }

  /** As the real one, on a disk of so many pages. */
  private Connector recording(List<Connection> opened, int pages) {
    SqliteConnector real = SqliteConnector.writing(file);
    return new Connector() {
      @Override
      public Connection connect() throws SQLException {
        Connection connection = real.connect();
        opened.add(connection);
        if (pages > 0) {
          pragma(connection, "max_page_count = " + pages);
        }
        return connection;
      }

      @Override
      public LedgerException explain(String what, SQLException cause) {
        return real.explain(what, cause);
      }
    };
  }
}
