package io.waybill.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A real PostgreSQL that syncs what it confirms and hands out its changes, on a free loopback port.
 * It can be killed and started again.
 */
public final class TestPostgres implements AutoCloseable {
  /** Who may do everything there; no password is asked for. */
  public static final String USER = "postgres";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static TestPostgres shared;
  private final Path folder;
  private EmbeddedPostgres server;
  private int port;

  private TestPostgres(Path folder) {
    this.folder = folder;
  }

  /** Starts one with its files here. */
  public static TestPostgres start(Path folder) {
    TestPostgres postgres = new TestPostgres(folder);
    postgres.start();
    return postgres;
  }

  /** The one of this JVM, not to be closed or killed. */
  public static synchronized TestPostgres shared() {
    if (shared == null) {
      try {
        Path folder = Files.createTempDirectory("waybill-postgres-");
        shared = start(folder.resolve("data"));
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      shared.close();
                      TestFolders.delete(folder);
                    }));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shared;
  }

  private void start() {
    try {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder)
              .setCleanDataDirectory(false)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("wal_level", "logical")
              .setServerConfig("max_replication_slots", "10")
              .setServerConfig("max_prepared_transactions", "4")
              .setServerConfig("listen_addresses", "127.0.0.1");
      server = (port == 0 ? builder : builder.setPort(port)).start();
      port = server.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as a crash does. */
  public void kill() {
    try {
      String pid = Files.readAllLines(folder.resolve("postmaster.pid")).get(0).strip();
      ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      var children = postmaster.descendants().toList();
      postmaster.destroyForcibly();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> !postmaster.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
      server.close(); // gives the lock of its folder back
      Files.deleteIfExists(folder.resolve("postmaster.pid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again, with what it had, at the same port. */
  public void restart() {
    start();
  }

  public int port() {
    return port;
  }

  /** Makes an empty schema; returns its name. */
  public String newSchema() {
    String schema = "ledger" + SCHEMAS.incrementAndGet();
    try (Connection connection = connect("public");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + schema);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return schema;
  }

  /** The address of a schema by this port, which may be that of a proxy. */
  public String url(int byPort, String schema) {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?currentSchema=%s".formatted(byPort, schema);
  }

  public String url(String schema) {
    return url(port, schema);
  }

  /** The address of the database; the user is {@link #USER}. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
  }

  /** A connection of the superuser. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), USER, "");
  }

  /** Runs statements. */
  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Rows of a query, with tabs between their values. */
  public List<String> rows(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> lines = new ArrayList<>();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          values.add(rows.getString(i));
        }
        lines.add(String.join("\t", values));
      }
      return lines;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public Connection connect(String schema) throws SQLException {
    return DriverManager.getConnection(url(schema), USER, "");
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
