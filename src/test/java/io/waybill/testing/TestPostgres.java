package io.waybill.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A real PostgreSQL that syncs what it confirms, on a free loopback port, and can be killed and
 * started again.
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
      server.close();
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
