package io.waybill.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Instants as the ledger stores them: microseconds since the epoch, UTC. */
final class Micros {
  private Micros() {}

  static long of(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS);
  }

  static Optional<Instant> optional(ResultSet row, String column) throws SQLException {
    Instant instant = instant(row, column);
    return row.wasNull() ? Optional.empty() : Optional.of(instant);
  }
}
