package io.waybill.app;

import io.waybill.secret.Credential;
import io.waybill.secret.Credentials;
import io.waybill.secret.CredentialsException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Makes connections to the ledger's PostgreSQL as whoever it is by now. A credential stays in use
 * as long as a connection that it made. Thread-safe.
 */
final class LedgerSource extends AbstractDataSource implements AutoCloseable {
  private static final String INVALID_AUTHORIZATION = "28";
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private final String url;
  private final Credentials credentials;
  private final Duration connectTimeout;
  private final List<Made> made = new ArrayList<>();

  private record Made(Connection connection, Credentials.Use use) {}

  LedgerSource(String url, Credentials credentials, Duration connectTimeout) {
    this.url = url;
    this.credentials = credentials;
    this.connectTimeout = connectTimeout;
  }

  @Override
  public synchronized Connection getConnection() throws SQLException {
    try {
      giveBack();
      Credential current = credentials.current();
      try {
        return connect();
      } catch (SQLException e) {
        if (String.valueOf(e.getSQLState()).startsWith(INVALID_AUTHORIZATION)
            && credentials.refused(current)) {
          return connect();
        }
        throw e;
      }
    } catch (CredentialsException e) {
      throw new SQLInvalidAuthorizationSpecException(
          e.getMessage() + "; " + e.remedy(), INVALID_AUTHORIZATION, e);
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLException("connections are made as the configured user only");
  }

  private Connection connect() throws SQLException {
    Credentials.Use use = credentials.use();
    try {
      Properties properties = new Properties();
      properties.setProperty("user", use.credential().user());
      properties.setProperty("password", use.credential().password().reveal());
      properties.setProperty("ApplicationName", "waybill");
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("connectTimeout", seconds(connectTimeout));
      // who does not answer for so long counts as gone; what became of a commit is asked then
      properties.setProperty("socketTimeout", seconds(SILENCE));
      Connection connection = DriverManager.getConnection(url, properties);
      made.add(new Made(connection, use));
      return connection;
    } catch (SQLException | RuntimeException e) {
      use.close();
      throw e;
    }
  }

  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }

  private void giveBack() throws SQLException {
    for (Made each : List.copyOf(made)) {
      if (each.connection().isClosed()) {
        made.remove(each);
        each.use().close();
      }
    }
  }

  @Override
  public synchronized void close() {
    made.forEach(each -> each.use().close());
    made.clear();
  }
}
