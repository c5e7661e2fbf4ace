package io.waybill.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A real PostgreSQL that can be killed and comes back with its data on its port. */
public final class TestPostgres implements AutoCloseable {
  private final Path data;
  private EmbeddedPostgres server;

  private TestPostgres(Path data, EmbeddedPostgres server) {
    this.data = data;
    this.server = server;
  }

  /** Starts one with its data in a folder that is not there yet. */
  public static TestPostgres start(Path data) throws IOException {
    return new TestPostgres(
        data,
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setServerConfig("max_prepared_transactions", "4")
            .start());
  }

  /** SIGKILL to the postmaster: its sessions break off. */
  public void kill9() throws IOException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    var sessions = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    sessions.forEach(ProcessHandle::destroyForcibly);
    postmaster.onExit().join();
    sessions.forEach(session -> session.onExit().join());
  }

  /** Starts it again after {@link #kill9} on the same port. */
  public void restart() throws IOException {
    int port = server.getPort();
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    server.close(); // gives the lock of its folder back
    server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setServerConfig("max_prepared_transactions", "4")
            .setPort(port)
            .start();
  }

  /** JDBC URL; the user is {@code postgres}, without a password. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.getPort());
  }

  /** A connection of its own. */
  public Connection connect() throws SQLException {
    return server.getPostgresDatabase().getConnection();
  }

  /** Runs statements. */
  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
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
