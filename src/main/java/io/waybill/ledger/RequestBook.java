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
  private final Optional<String> home;

  RequestBook(LedgerDatabase database) {
    this(database, Optional.empty());
  }

  /**
   * In a ledger that several homes share.
   *
   * @param home the one that asks or answers here
   */
  RequestBook(LedgerDatabase database, Optional<String> home) {
    this.database = database;
    this.home = home;
  }

  /** Of this ledger, which another process has open. */
  public static RequestBook of(Path file) {
    return new RequestBook(
        new LedgerDatabase(SqliteConnector.writing(file.toAbsolutePath().normalize())));
  }

  /** As {@link #of(Path)}, of a ledger in PostgreSQL. */
  public static RequestBook of(PostgresPlace place, Origin origin) {
    return new RequestBook(
        new LedgerDatabase(PostgresConnector.visiting(place)),
        Optional.of(Instance.home(origin.host(), place.home())));
  }

  /**
   * An order.
   *
   * @param number number in the ledger
   * @param order what is wanted, JSON
   * @param by who wants it
   * @param at since when
   * @param ownHome whether it was given in the home that looks here
   */
  public record Request(long number, String order, String by, Instant at, boolean ownHome) {}

  /** Leaves an order; returns its number. */
  public long send(String order, String by, Instant at) {
    return database.transaction(
        "leave an order",
        connection -> {
          long number =
              Sql.number(
                  connection,
                  """
                  INSERT INTO request (argument, ordered_by, created_at, state)
                  VALUES (?, ?, ?, 'open') RETURNING id""",
                  order,
                  by,
                  at);
          if (home.isPresent()) {
            Sql.update(connection, "UPDATE request SET home = ? WHERE id = ?", home.get(), number);
          }
          return number;
        });
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
                        row.getLong("id"),
                        row.getString("argument"),
                        row.getString("ordered_by"),
                        Micros.instant(row, "created_at"),
                        home.isEmpty() || home.get().equals(row.getString("home"))),
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
