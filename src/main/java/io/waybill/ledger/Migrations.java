package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** Brings a ledger's schema up to what this program knows. */
final class Migrations {
  /** The newest version of a ledger in a file. */
  static final int LATEST = Dialect.SQLITE.latest();

  private Migrations() {}

  /**
   * Applies what is missing, one transaction a version.
   *
   * @param file the ledger, for messages
   */
  static void upgrade(Connection connection, Path file, Origin origin) throws SQLException {
    int version = version(connection, Dialect.SQLITE);
    refuseNewer(connection, Dialect.SQLITE, version, file.toString(), origin.version());
    for (int next = version + 1; next <= LATEST; next++) {
      connection.setAutoCommit(false);
      apply(connection, Dialect.SQLITE, next, origin.version());
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  /** Applies what is missing to a ledger in PostgreSQL, in the transaction that runs. */
  static void upgrade(Connection connection, String ledger, Origin origin) throws SQLException {
    int version = version(connection, Dialect.POSTGRESQL);
    refuseNewer(connection, Dialect.POSTGRESQL, version, ledger, origin.version());
    for (int next = version + 1; next <= Dialect.POSTGRESQL.latest(); next++) {
      apply(connection, Dialect.POSTGRESQL, next, origin.version());
    }
  }

  /** Refuses a schema that is not exactly this program's: a reader may not change it. */
  static void refuseOther(Connection connection, Dialect dialect, String ledger, Origin origin)
      throws SQLException {
    int version = version(connection, dialect);
    refuseNewer(connection, dialect, version, ledger, origin.version());
    if (version < dialect.latest()) {
      throw new LedgerException(
          "the ledger %s has schema version %d, and this Waybill reads version %d; './waybill run' brings it up to date"
              .formatted(ledger, version, dialect.latest()),
          null);
    }
  }

  /** Whether the schema is exactly this program's. */
  static boolean isCurrent(Connection connection, Dialect dialect) throws SQLException {
    return version(connection, dialect) == dialect.latest();
  }

  /** Whether there is a ledger at all. */
  static boolean isThere(Connection connection, Dialect dialect) throws SQLException {
    return Sql.number(connection, dialect.hasTable(), "schema_version") > 0;
  }

  private static int version(Connection connection, Dialect dialect) throws SQLException {
    return isThere(connection, dialect)
        ? (int) Sql.number(connection, "SELECT COALESCE(MAX(version), 0) FROM schema_version")
        : 0;
  }

  private static void refuseNewer(
      Connection connection, Dialect dialect, int version, String ledger, String program)
      throws SQLException {
    if (version <= dialect.latest()) {
      return;
    }
    String writer =
        Sql.first(
                connection,
                row -> row.getString(1),
                "SELECT waybill_version FROM schema_version WHERE version = ?",
                version)
            .orElse("");
    throw new LedgerException(
        """
        the ledger %s was written by Waybill %s (schema version %d), and this is Waybill %s, which \
        knows schema versions up to %d; run that Waybill or a later one, or restore the backup from \
        before the upgrade"""
            .formatted(ledger, writer, version, program, dialect.latest()),
        null);
  }

  private static void apply(Connection connection, Dialect dialect, int version, String program)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          CREATE TABLE IF NOT EXISTS schema_version (
            version INTEGER PRIMARY KEY, applied_at BIGINT NOT NULL, waybill_version TEXT NOT NULL
          )""");
      for (String sql : script(dialect.script(version)).split(";\\s*\\n", -1)) {
        if (!sql.isBlank()) {
          statement.executeUpdate(sql);
        }
      }
    }
    Sql.update(
        connection,
        "INSERT INTO schema_version (version, applied_at, waybill_version) VALUES (?, ?, ?)",
        version,
        Instant.now(),
        program);
  }

  private static String script(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
