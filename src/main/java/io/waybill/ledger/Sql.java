package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs explicit SQL; values are always bound, instants as microseconds. */
final class Sql {
  private Sql() {}

  /** Makes a value of the row that the result set stands on. */
  @FunctionalInterface
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  static int update(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  /** A change that must meet exactly one row: anything else is an error of the caller's state. */
  static void updateOne(Connection connection, String otherwise, String sql, Object... values)
      throws SQLException {
    if (update(connection, sql, values) != 1) {
      throw new LedgerException(otherwise, null);
    }
  }

  static <T> List<T> list(Connection connection, Mapper<T> mapper, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        List<T> list = new ArrayList<>();
        while (rows.next()) {
          list.add(mapper.map(rows));
        }
        return list;
      }
    }
  }

  static <T> Optional<T> first(
      Connection connection, Mapper<T> mapper, String sql, Object... values) throws SQLException {
    return list(connection, mapper, sql, values).stream().findFirst();
  }

  /** The number in the only row of this query. */
  static long number(Connection connection, String sql, Object... values) throws SQLException {
    return first(connection, row -> row.getLong(1), sql, values)
        .orElseThrow(() -> new SQLException("no row came back"));
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      statement.setObject(i + 1, value instanceof Instant instant ? Micros.of(instant) : value);
    }
  }
}
