package io.waybill.ledger;

import io.waybill.delivery.BadRecord;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** Where refused records are, and why; their bytes are in files. */
final class DeadLetterStore {
  private DeadLetterStore() {}

  static void add(Connection connection, BatchPlan plan, DeadLetter letter) throws SQLException {
    BadRecord record = letter.record();
    Failure failure = record.failure();
    Sql.update(
        connection,
        """
        INSERT INTO dead_letter (id, batch, run, flow, file, file_offset, bytes, records, record,
          source_offset, line, column_name, verdict, error_code, error_name, reason, remedy,
          first_seen_at, stored_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?, ?), ?)""",
        letter.id(),
        letter.batch(),
        plan.run(),
        plan.flow(),
        letter.file(),
        letter.fileOffset(),
        record.bytes(),
        record.place().record(),
        record.place().offset(),
        record.place().line(),
        record.column(),
        failure.verdict().name().toLowerCase(Locale.ROOT),
        failure.code(),
        failure.name(),
        failure.reason(),
        failure.remedy(),
        firstSeen(connection, plan, letter),
        letter.firstSeen(),
        letter.storedAt());
  }

  /** A record that was replayed as it was and is refused again was seen before; else null. */
  private static Long firstSeen(Connection connection, BatchPlan plan, DeadLetter letter)
      throws SQLException {
    return Sql.first(
            connection,
            row -> row.getLong("first_seen_at"),
            """
            SELECT first_seen_at FROM dead_letter
            WHERE replay = (SELECT id FROM replay WHERE source_id = ? AND mended = 0)
            ORDER BY number LIMIT 1 OFFSET ?""",
            plan.sourceId(),
            letter.record().place().record() - 1)
        .orElse(null);
  }
}
