package io.waybill.ledger;

import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** Where refused records are, and why; their bytes are in files. */
final class DeadLetterStore {
  private DeadLetterStore() {}

  static void add(Connection connection, DeadLetter letter) throws SQLException {
    Failure failure = letter.failure();
    Sql.update(
        connection,
        """
        INSERT INTO dead_letter (id, batch, file, records, bytes, verdict, error_code, error_name,
          reason, remedy, stored_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        letter.id(),
        letter.batch(),
        letter.file(),
        letter.records(),
        letter.bytes(),
        failure.verdict().name().toLowerCase(Locale.ROOT),
        failure.code(),
        failure.name(),
        failure.reason(),
        failure.remedy(),
        letter.storedAt());
  }
}
