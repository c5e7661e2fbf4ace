package io.waybill.clickhouse;

import com.clickhouse.jdbc.StatementImpl;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
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
        return withPapers(super.getConnection());
      }
    };
  }

  private static Connection withPapers(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            ClickHouseDataSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(connection, arguments);
                if (result instanceof Statement statement) {
                  carry(statement);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void carry(Statement statement) throws SQLException {
    Map<String, String> papers = QueryContext.current();
    if (!papers.isEmpty() && statement.isWrapperFor(StatementImpl.class)) {
      statement.unwrap(StatementImpl.class).getLocalSettings().logComment(LogComment.of(papers));
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
