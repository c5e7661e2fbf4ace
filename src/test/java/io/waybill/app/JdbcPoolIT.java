package io.waybill.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.secret.Credentials;
import io.waybill.secret.Secret;
import io.waybill.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcPoolIT {
  @TempDir Path data;

  @Test
  void rowsOfPostgresComeInPortionsAndChangesAreKept() throws IOException, SQLException {
    try (TestPostgres postgres = TestPostgres.start(data.resolve("postgres"));
        JdbcPool pool =
            new JdbcPool(
                new JdbcPool.Place("shop", postgres.url(), Map.of(), Duration.ofSeconds(60)),
                Credentials.fixed("postgres", Secret.of("")))) {
      try (Connection connection = pool.dataSource().getConnection()) {
        // more than the heap of this process
        long rows = Runtime.getRuntime().maxMemory() / 1_000_000 + 100;
        assertThat(read(connection, rows)).isEqualTo(rows * 1_000_000);
        connection.prepareStatement("CREATE TABLE noted (n int)").execute();
        assertThat(connection.getAutoCommit()).isTrue();
        assertThat(read(connection, 1)).isEqualTo(1_000_000);
      }
      try (Connection another = pool.dataSource().getConnection();
          ResultSet rows =
              another
                  .prepareStatement(
                      "WITH n AS (INSERT INTO noted VALUES (7) RETURNING n) SELECT * FROM n")
                  .executeQuery()) {
        assertThat(rows.next()).isTrue();
      }
      try (Connection connection = postgres.connect();
          ResultSet rows = connection.prepareStatement("SELECT n FROM noted").executeQuery()) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(7);
      }
    }
  }

  private static long read(Connection connection, long rows) throws SQLException {
    long length = 0;
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT repeat('x', 1000) FROM generate_series(1, ?)")) {
      statement.setLong(1, rows * 1000);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          length += found.getString(1).length();
        }
      }
    }
    return length;
  }
}
