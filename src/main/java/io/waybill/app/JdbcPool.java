package io.waybill.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.waybill.secret.Credential;
import io.waybill.secret.Credentials;
import io.waybill.secret.CredentialsException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Pooled JDBC connections, made by the credential of the moment. When it is replaced, connections
 * that are out finish with the old one; then its pool is closed and the credential given back.
 * Connects when it is first used. Thread-safe.
 */
final class JdbcPool implements AutoCloseable {
  private static final int CONNECTIONS = 8;
  private static final long SHORTEST_TIMEOUT_MILLIS = 250;
  private static final long LOOK_MILLIS = 200;
  private static final Set<Integer> CLICKHOUSE_IDENTITY = Set.of(192, 193, 194, 516);
  private static final String POSTGRES = "jdbc:postgresql:";
  private static final String INVALID_AUTHORIZATION = "28";
  private final Place place;
  private final Credentials credentials;
  private final List<Held> retired = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService drain =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "waybill-jdbc-drain");
            thread.setDaemon(true);
            return thread;
          });
  private Held now;

  /**
   * Where the connections go.
   *
   * @param name name of the pool
   * @param url JDBC URL without user and password
   * @param properties of the driver
   * @param connectTimeout how long getting a connection may take
   */
  record Place(String name, String url, Map<String, String> properties, Duration connectTimeout) {}

  private record Held(HikariDataSource pool, Credentials.Use use) {

    boolean isIdle() {
      HikariPoolMXBean bean = pool.getHikariPoolMXBean();
      return bean == null || bean.getActiveConnections() == 0;
    }

    void close() {
      pool.close();
      use.close();
    }
  }

  JdbcPool(Place place, Credentials credentials) {
    this.place = place;
    this.credentials = credentials;
    var unused =
        drain.scheduleWithFixedDelay(
            this::closeIdle, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The data source, whoever asks for now. */
  DataSource dataSource() {
    return new AbstractDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        return place.url().startsWith(POSTGRES) ? PortionedReads.over(connection()) : connection();
      }

      @Override
      public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLException("connections are made as the configured user only");
      }
    };
  }

  private Connection connection() throws SQLException {
    Held held = held();
    try {
      return held.pool().getConnection();
    } catch (SQLException e) {
      if (isAboutIdentity(e) && isReplaced(held.use().credential())) {
        return held().pool().getConnection();
      }
      throw e;
    }
  }

  private boolean isReplaced(Credential refused) throws SQLException {
    try {
      return credentials.refused(refused);
    } catch (CredentialsException e) {
      throw without(e);
    }
  }

  private synchronized Held held() throws SQLException {
    try {
      if (now == null || !now.use().credential().equals(credentials.current())) {
        Credentials.Use use = credentials.use();
        Held fresh = new Held(pool(use.credential()), use);
        if (now != null) {
          retired.add(now);
        }
        now = fresh;
      }
      return now;
    } catch (CredentialsException e) {
      throw without(e);
    }
  }

  private SQLException without(CredentialsException e) {
    return new SQLInvalidAuthorizationSpecException(
        "connection %s: %s; %s".formatted(place.name(), e.getMessage(), e.remedy()));
  }

  private HikariDataSource pool(Credential credential) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(place.name());
    config.setJdbcUrl(place.url());
    config.setUsername(credential.user());
    config.setPassword(credential.password().reveal());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    // a pool that cannot connect at once must not keep the program from starting
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(
        Math.max(SHORTEST_TIMEOUT_MILLIS, place.connectTimeout().toMillis()));
    place.properties().forEach(config::addDataSourceProperty);
    return new HikariDataSource(config);
  }

  private static boolean isAboutIdentity(SQLException thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql
          && (CLICKHOUSE_IDENTITY.contains(sql.getErrorCode())
              || String.valueOf(sql.getSQLState()).startsWith(INVALID_AUTHORIZATION))) {
        return true;
      }
    }
    return false;
  }

  private void closeIdle() {
    List<Held> idle = retired.stream().filter(Held::isIdle).toList();
    retired.removeAll(idle);
    idle.forEach(Held::close);
  }

  @Override
  public synchronized void close() {
    drain.shutdownNow();
    retired.forEach(Held::close);
    retired.clear();
    if (now != null) {
      now.close();
      now = null;
    }
  }
}
