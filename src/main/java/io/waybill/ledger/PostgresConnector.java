package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Opens connections to PostgreSQL; what is set for their sessions is part of the guarantee. */
final class PostgresConnector implements Connector {
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);
  private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();
  private static final int VALID_SECONDS = 5;
  private final PostgresPlace place;
  private final boolean readOnly;
  private final Optional<Instance> instance;

  private PostgresConnector(PostgresPlace place, boolean readOnly, Optional<Instance> instance) {
    this.place = place;
    this.readOnly = readOnly;
    this.instance = instance;
  }

  /** For a process that takes part: each connection holds the lock by which it is known to live. */
  static PostgresConnector writing(PostgresPlace place, Instance instance) {
    return new PostgresConnector(place, false, Optional.of(instance));
  }

  /** For a process that only makes the schema or leaves an order. */
  static PostgresConnector visiting(PostgresPlace place) {
    return new PostgresConnector(place, false, Optional.empty());
  }

  static PostgresConnector reading(PostgresPlace place) {
    return new PostgresConnector(place, true, Optional.empty());
  }

  @Override
  public Connection connect() throws SQLException {
    Connection connection = place.source().getConnection();
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setReadOnly(readOnly);
      if (!readOnly) {
        prepare(connection);
      }
      if (instance.isPresent()) {
        instance.get().enter(connection);
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void prepare(Connection connection) throws SQLException {
    if (!setting(connection, "fsync").equals("on")) {
      throw new LedgerException(
          "the ledger %s is on a server with fsync = off, which forgets what it has confirmed; set fsync = on there"
              .formatted(place.name()),
          null);
    }
    try (Statement statement = connection.createStatement()) {
      if (!setting(connection, "synchronous_commit").equals("remote_apply")) {
        statement.execute("SET synchronous_commit = on");
      }
      statement.execute("SET lock_timeout = '%dms'".formatted(LOCK_TIMEOUT.toMillis()));
      // who hangs in a transaction must not keep all others from theirs
      statement.execute("SET idle_in_transaction_session_timeout = '60s'");
      // a host that vanished holds its locks until the server notices
      statement.execute("SET tcp_keepalives_idle = 20");
      statement.execute("SET tcp_keepalives_interval = 5");
      statement.execute("SET tcp_keepalives_count = 4");
      if (Sql.number(connection, "SELECT current_setting('server_version_num')::int") >= 140_000) {
        statement.execute("SET idle_session_timeout = 0");
      }
    }
  }

  private static String setting(Connection connection, String name) throws SQLException {
    return Sql.first(connection, row -> row.getString(1), "SELECT current_setting(?)", name)
        .orElse("");
  }

  @Override
  public boolean recovers(Connection connection) {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      return connection.isValid(VALID_SECONDS);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public long mark(Connection connection) throws SQLException {
    return Sql.number(connection, "SELECT txid_current()");
  }

  /**
   * The server remembers what became of a transaction. One that still runs has lost its client: its
   * session is ended, and its transaction with it.
   */
  @Override
  public boolean isCommitted(long mark, SQLException failure) throws SQLException {
    if (String.valueOf(failure.getSQLState()).matches("(23|40).*")) {
      return false;
    }
    long until = System.nanoTime() + PATIENCE_NANOS;
    try (Connection connection = visiting(place).connect()) {
      for (; ; ) {
        if (instance.isPresent()) {
          instance.get().endFormerSession(connection);
        }
        String status =
            Sql.first(
                    connection,
                    row -> row.getString(1),
                    "SELECT COALESCE(txid_status(?), 'unknown')",
                    mark)
                .orElseThrow();
        if (!status.equals("in progress")) {
          return status.equals("committed");
        }
        if (System.nanoTime() > until) {
          throw new SQLException("the transaction has not ended");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  @Override
  public void disconnected() {
    instance.ifPresent(Instance::lost);
  }

  @Override
  public LedgerException explain(String what, SQLException cause) {
    String state = String.valueOf(cause.getSQLState());
    String message =
        switch (state.length() < 2 ? "" : state.substring(0, 2)) {
          case "08", "57" ->
              "cannot %s: the ledger %s does not answer (%s); start PostgreSQL, or see whether this host reaches it"
                  .formatted(what, place.name(), reason(cause));
          case "28" ->
              "cannot %s: the ledger %s refuses user or password (%s); see waybill.ledger.user"
                  .formatted(what, place.name(), reason(cause));
          case "3D", "3F" ->
              "cannot %s: the ledger %s has no such database or schema (%s); create it, empty and owned by Waybill's user"
                  .formatted(what, place.name(), reason(cause));
          case "42" ->
              "cannot %s: this user may not do it in the ledger %s (%s); make Waybill's user the owner of its schema"
                  .formatted(what, place.name(), reason(cause));
          case "53" ->
              "cannot %s: the server of the ledger %s has no room left (%s); make room, or allow more connections"
                  .formatted(what, place.name(), reason(cause));
          case "55" ->
              "cannot %s: another process has held a row of the ledger %s for more than %d s; see pg_stat_activity"
                  .formatted(what, place.name(), LOCK_TIMEOUT.toSeconds());
          default ->
              "cannot %s in the ledger %s: %s; see docs/operations.md#ledger"
                  .formatted(what, place.name(), reason(cause));
        };
    return new LedgerException(message, cause);
  }

  /** The first line: those that follow may quote what was to be stored. */
  private static String reason(SQLException cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason was given");
  }
}
