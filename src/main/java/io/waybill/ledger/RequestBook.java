package io.waybill.ledger;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Orders of people for the process that serves a home, and its answers; by way of the ledger, which
 * both have. Thread-safe. Methods throw {@link io.waybill.delivery.LedgerException}.
 */
public final class RequestBook implements AutoCloseable {
  private final LedgerDatabase database;

  RequestBook(LedgerDatabase database) {
    this.database = database;
  }

  /** Of this ledger, which another process has open. */
  public static RequestBook of(Path file) {
    return new RequestBook(
        new LedgerDatabase(SqliteConnector.writing(file.toAbsolutePath().normalize())));
  }

  /** As {@link #of(Path)}, of a ledger in PostgreSQL. */
  public static RequestBook of(PostgresPlace place) {
    return new RequestBook(new LedgerDatabase(PostgresConnector.visiting(place)));
  }

  /**
   * An order.
   *
   * @param number number in the ledger
   * @param order what is wanted, JSON
   * @param by who wants it
   */
  public record Request(long number, String order, String by) {}

  /** Leaves an order; returns its number. */
  public long send(String order, String by, Instant at) {
    return database.transaction(
        "leave an order",
        connection ->
            Sql.number(
                connection,
                """
                INSERT INTO request (argument, ordered_by, created_at, state)
                VALUES (?, ?, ?, 'open') RETURNING id""",
                order,
                by,
                at));
  }

  /** The answer to an order, JSON, once there is one. */
  public Optional<String> answer(long number) {
    return database.read(
        "look for an answer",
        connection ->
            Sql.first(
                connection,
                row -> row.getString("answer"),
                "SELECT answer FROM request WHERE id = ? AND state = 'done'",
                number));
  }

  /** Orders without an answer, the oldest first. */
  public List<Request> open() {
    return database.read(
        "look for orders",
        connection ->
            Sql.list(
                connection,
                row ->
                    new Request(
                        row.getLong("id"), row.getString("argument"), row.getString("ordered_by")),
                "SELECT * FROM request WHERE state = 'open' ORDER BY id"));
  }

  /** Answers an order. */
  public void done(long number, String answer) {
    database.change(
        "answer an order",
        connection ->
            Sql.update(
                connection,
                "UPDATE request SET state = 'done', answer = ? WHERE id = ?",
                answer,
                number));
  }

  /** Closes what {@link #of} opened. */
  @Override
  public void close() {
    database.close();
  }
}
