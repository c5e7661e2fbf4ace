package io.waybill.ledger;

import java.util.Optional;

/**
 * The bytes of dead letters in a ledger that several homes share, so that each finds those of the
 * others. Thread-safe. Methods throw {@link io.waybill.delivery.LedgerException}.
 */
public final class DeadLetterArchive {
  private final LedgerDatabase database;

  DeadLetterArchive(LedgerDatabase database) {
    this.database = database;
  }

  /** Keeps a file; one of this name is replaced. */
  void put(String name, byte[] content) {
    database.change(
        "keep dead letters",
        connection ->
            Sql.update(
                connection,
                """
                INSERT INTO dead_letter_file (name, content) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET content = excluded.content""",
                name,
                content));
  }

  Optional<byte[]> get(String name) {
    return database.read(
        "read dead letters",
        connection ->
            Sql.first(
                connection,
                row -> row.getBytes("content"),
                "SELECT content FROM dead_letter_file WHERE name = ?",
                name));
  }

  void forget(String name) {
    database.change(
        "forget dead letters",
        connection -> Sql.update(connection, "DELETE FROM dead_letter_file WHERE name = ?", name));
  }
}
