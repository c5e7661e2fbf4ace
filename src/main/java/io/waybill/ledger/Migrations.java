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

/** Brings a ledger's schema up to what this program knows, one transaction a version. */
final class Migrations {
  /** The newest version; {@code sqlite/0001.sql} makes version 1. */
  static final int LATEST = 4;

  private Migrations() {}

  /**
   * Applies what is missing.
   *
   * @param file the ledger, for messages
   */
  static void upgrade(Connection connection, Path file, Origin origin) throws SQLException {
    int version = version(connection);
    refuseNewer(connection, version, file, origin.version());
    for (int next = version + 1; next <= LATEST; next++) {
      connection.setAutoCommit(false);
      apply(connection, next, origin.version());
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  /** Refuses a schema that is not exactly this program's: a reader may not change it. */
  static void refuseOther(Connection connection, Path file, Origin origin) throws SQLException {
    int version = version(connection);
    refuseNewer(connection, version, file, origin.version());
    if (version < LATEST) {
      throw new LedgerException(
          "the ledger %s has schema version %d, and this Waybill reads version %d; './waybill run' brings it up to date"
              .formatted(file, version, LATEST),
          null);
    }
  }

  private static int version(Connection connection) throws SQLException {
    if (Sql.first(
            connection,
            row -> true,
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'")
        .isEmpty()) {
      return 0;
    }
    return (int) Sql.number(connection, "SELECT COALESCE(MAX(version), 0) FROM schema_version");
  }

  private static void refuseNewer(Connection connection, int version, Path file, String program)
      throws SQLException {
    if (version <= LATEST) {
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
            .formatted(file, writer, version, program, LATEST),
        null);
  }

  private static void apply(Connection connection, int version, String program)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          CREATE TABLE IF NOT EXISTS schema_version (
            version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL, waybill_version TEXT NOT NULL
          )""");
      for (String sql : script(version).split(";\\s*\\n", -1)) {
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

  private static String script(int version) {
    String name = "sqlite/%04d.sql".formatted(version);
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
