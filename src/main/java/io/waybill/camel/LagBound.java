package io.waybill.camel;

import io.waybill.delivery.Key;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;

/** A time that lies so far back that all its transactions have ended. Thread-safe. */
final class LagBound implements KeyBound {
  private final Duration lag;
  private final Clock clock;
  private final Optional<DataSource> database;

  /**
   * By a clock.
   *
   * @param database whose clock it is; empty for that of this machine
   */
  LagBound(Duration lag, Clock clock, Optional<DataSource> database) {
    this.lag = lag;
    this.clock = clock;
    this.database = database;
  }

  @Override
  public Optional<KeyValue> now() throws SQLException {
    Instant now = database.isPresent() ? ask(database.get()) : clock.instant();
    return Optional.of(new KeyValue(Key.Kind.INSTANT, now.minus(lag)));
  }

  private static Instant ask(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean oracle = connection.getMetaData().getDatabaseProductName().contains("Oracle");
      try (ResultSet now =
          statement.executeQuery(
              oracle ? "SELECT CURRENT_TIMESTAMP FROM dual" : "SELECT CURRENT_TIMESTAMP")) {
        now.next();
        return now.getTimestamp(1).toInstant();
      }
    }
  }
}
