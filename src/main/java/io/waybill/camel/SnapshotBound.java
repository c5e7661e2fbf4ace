package io.waybill.camel;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The greatest key that PostgreSQL showed at a moment since which every transaction that was open
 * then has ended. Who took a smaller key before that moment has committed it or never will, so
 * nothing can come behind the bound any more. Virtual transactions are watched rather than the ids
 * of a snapshot: a transaction has none before its first write, and takes its keys before that.
 * Used by one thread at a time.
 */
final class SnapshotBound implements KeyBound {
  private static final String PREPARED = "prepared:";
  private static final String OPEN =
      """
      SELECT l.virtualtransaction FROM pg_locks AS l LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
      WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.granted
        AND l.pid <> pg_backend_pid() AND a.backend_type IS DISTINCT FROM 'autovacuum worker'
        AND (a.datid IS NULL OR a.datid = (SELECT oid FROM pg_database WHERE datname = current_database()))
      UNION ALL
      SELECT '%s' || transaction FROM pg_prepared_xacts WHERE database = current_database()"""
          .formatted(PREPARED);
  private static final long POLL_MILLIS = 20;
  private final DataSource database;
  private final String candidates;
  private final Duration wait;
  private KeyValue candidate;
  private final Set<String> awaited = new HashSet<>();
  private KeyValue ripe;

  /**
   * Of a table.
   *
   * @param table name, with its schema or without
   * @param column the key
   * @param wait how long to wait for transactions to end before the bound of before is used
   */
  SnapshotBound(DataSource database, String table, String column, Duration wait) {
    this.database = database;
    this.candidates = "SELECT max(%s) FROM %s".formatted(quoted(column), quotedPath(table));
    this.wait = wait;
  }

  private static String quotedPath(String table) {
    return Arrays.stream(table.split("\\.", -1))
        .map(SnapshotBound::quoted)
        .collect(Collectors.joining("."));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public Optional<KeyValue> now() throws SQLException {
    long end = System.nanoTime() + wait.toNanos();
    try (Connection connection = database.getConnection()) {
      if (candidate == null) {
        look(connection);
      }
      boolean ripened = ripen(connection);
      while (!ripened && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        ripened = ripen(connection);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.ofNullable(ripe);
  }

  /** Whether every transaction that was open when the candidate was read has ended. */
  private boolean ripen(Connection connection) throws SQLException {
    if (candidate == null) {
      return true; // an empty table
    }
    Set<String> open = open(connection);
    awaited.retainAll(open);
    // one of those that were awaited may have been prepared, and commit under another name
    if (!awaited.isEmpty() || open.stream().anyMatch(each -> each.startsWith(PREPARED))) {
      return false;
    }
    ripe = candidate;
    candidate = null;
    return true;
  }

  /** The key first and the transactions after it: what ended in between shows its rows. */
  private void look(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      requirePrimary(statement);
      try (ResultSet greatest = statement.executeQuery(candidates)) {
        greatest.next();
        Object key = greatest.getObject(1);
        candidate = key == null ? null : KeyValue.of(key);
      }
    }
    awaited.clear();
    awaited.addAll(open(connection));
  }

  private static void requirePrimary(Statement statement) throws SQLException {
    try (ResultSet recovering = statement.executeQuery("SELECT pg_is_in_recovery()")) {
      recovering.next();
      if (recovering.getBoolean(1)) {
        throw KeyTrouble.bound(
            "the database of keyBound=snapshot is a replica, which does not know who writes on its primary",
            "name the primary with dataSource=; the query itself may ask the replica with keyLag= only");
      }
    }
  }

  private static Set<String> open(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(OPEN)) {
      Set<String> open = new HashSet<>();
      while (rows.next()) {
        open.add(rows.getString(1));
      }
      return open;
    }
  }
}
