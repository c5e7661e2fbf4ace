package io.waybill.clickhouse;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A pooled JDBC data source whose statements carry the papers of the {@link QueryContext} that they
 * are made in. Connects when it is first used. Thread-safe.
 */
public final class ClickHouseDataSource implements AutoCloseable {
  private static final int CONNECTIONS = 8;
  private final HikariDataSource pool;

  public ClickHouseDataSource(ClickHouseConnection connection, String version) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("clickhouse");
    config.setJdbcUrl(connection.url().replaceFirst("^http", "jdbc:clickhouse:http"));
    config.setUsername(connection.user());
    config.setPassword(connection.password());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    // a pool that cannot connect at once must not keep the program from starting
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(Math.max(250, connection.connectTimeout().toMillis()));
    // camel-jdbc and camel-sql switch auto-commit, which ClickHouse has not
    config.addDataSourceProperty("jdbc_ignore_unsupported_values", "true");
    config.addDataSourceProperty("client_name", "waybill/" + version);
    config.addDataSourceProperty(
        "socket_timeout", Long.toString(connection.socketTimeout().toMillis()));
    this.pool = new HikariDataSource(config);
  }

  /** The data source, to be bound under the name {@code clickhouse}. */
  public DataSource dataSource() {
    return new DelegatingDataSource(pool) {
      @Override
      public Connection getConnection() throws SQLException {
        return PaperedStatements.on(super.getConnection());
      }
    };
  }

  @Override
  public void close() {
    pool.close();
  }
}
