package io.waybill.clickhouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
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
   * The data source of a named connection, with statements that carry the papers of the {@link
   * QueryContext} that they are made in, and are decided on by its guard.
   *
   * @param sources the data sources of all connections; by whom a statement is asked may be another
   *     one's business
   * @param otherwise decides on statements outside of any context
   */
  public static DataSource papered(
      String name, Function<String, DataSource> sources, Supplier<StatementGuard> otherwise) {
    return new DelegatingDataSource(sources.apply(name)) {
      @Override
      public Connection getConnection() throws SQLException {
        StatementGuard guard = QueryContext.guard().orElseGet(otherwise);
        Connection connection = sources.apply(guard.connection(name)).getConnection();
        return PaperedStatements.on(connection, name, guard);
      }
    };
  }
}
