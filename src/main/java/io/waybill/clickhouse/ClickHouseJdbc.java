package io.waybill.clickhouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What JDBC needs to know of a ClickHouse. */
public final class ClickHouseJdbc {
  private ClickHouseJdbc() {}

  /** The address as its driver takes it. */
  public static String url(ClickHouseConnection connection) {
    return connection.url().replaceFirst("^http", "jdbc:clickhouse:http");
  }

  /** Properties of its driver. */
  public static Map<String, String> properties(ClickHouseConnection connection, String version) {
    return Map.of(
        // camel-jdbc and camel-sql switch auto-commit, which ClickHouse has not
        "jdbc_ignore_unsupported_values",
        "true",
        "client_name",
        "waybill/" + version,
        "socket_timeout",
        Long.toString(connection.socketTimeout().toMillis()));
  }

  /**
   * The same data source, with statements that carry the papers of the {@link QueryContext} that
   * they are made in.
   */
  public static DataSource papered(DataSource dataSource) {
    return new DelegatingDataSource(dataSource) {
      @Override
      public Connection getConnection() throws SQLException {
        return PaperedStatements.on(super.getConnection());
      }
    };
  }
}
