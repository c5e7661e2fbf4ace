package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.sql.Connection;
import java.sql.SQLException;

/** Opens a ledger in PostgreSQL: whoever comes first makes it, the others wait for that. */
final class PostgresSchema {
  private PostgresSchema() {}

  /**
   * A ledger that was opened.
   *
   * @param schema name of the schema that it is in
   */
  record Opened(LedgerDatabase database, Identity identity, String schema) {}

  static Opened open(PostgresPlace place, Instance instance, Origin origin) {
    LedgerDatabase maker = new LedgerDatabase(PostgresConnector.visiting(place));
    try {
      maker.change("make a ledger", connection -> upgrade(connection, place, origin));
    } finally {
      maker.close();
    }
    LedgerDatabase database = new LedgerDatabase(PostgresConnector.writing(place, instance));
    try {
      return database.read(
          "open the ledger",
          connection -> new Opened(database, Identity.read(connection), schema(connection, place)));
    } catch (LedgerException e) {
      database.close();
      throw e;
    }
  }

  private static void upgrade(Connection connection, PostgresPlace place, Origin origin)
      throws SQLException {
    Sql.list(
        connection,
        row -> true,
        "SELECT pg_advisory_xact_lock(?)",
        AdvisoryKey.of("schema", schema(connection, place)));
    Migrations.upgrade(connection, place.name(), origin);
    if (Sql.number(connection, "SELECT COUNT(*) FROM meta") == 0) {
      Identity.create(connection, origin);
    }
  }

  private static String schema(Connection connection, PostgresPlace place) throws SQLException {
    return Sql.first(
            connection,
            row -> row.getString(1),
            "SELECT current_schema() WHERE current_schema() IS NOT NULL")
        .orElseThrow(
            () ->
                new LedgerException(
                    "the ledger %s has no schema of the name that waybill.ledger.url says; create it, owned by Waybill's user"
                        .formatted(place.name()),
                    null));
  }
}
