package io.waybill.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Which route files are loaded or were refused. */
final class RouteFileStore {
  private RouteFileStore() {}

  static List<RouteFileRow> all(Connection connection) throws SQLException {
    return Sql.list(connection, RouteFileStore::row, "SELECT * FROM route_file ORDER BY name");
  }

  static Optional<RouteFileRow> of(Connection connection, String file) throws SQLException {
    return Sql.first(
        connection, RouteFileStore::row, "SELECT * FROM route_file WHERE name = ?", file);
  }

  private static RouteFileRow row(ResultSet row) throws SQLException {
    String refused = row.getString("refused_digest");
    return new RouteFileRow(
        row.getString("name"),
        row.getString("digest"),
        Json.strings(row.getString("flows")),
        Micros.optional(row, "loaded_at"),
        refused.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new RouteFileRow.Refusal(
                    refused, row.getString("reason"), Micros.instant(row, "refused_at"))));
  }

  static void put(Connection connection, RouteFileRow file) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT OR REPLACE INTO route_file (name, digest, flows, loaded_at, refused_digest, reason,
          refused_at) VALUES (?, ?, ?, ?, ?, ?, ?)""",
        file.name(),
        file.digest(),
        Json.write(file.flows()),
        file.loaded().orElse(null),
        file.refusal().map(RouteFileRow.Refusal::digest).orElse(""),
        file.refusal().map(RouteFileRow.Refusal::reason).orElse(""),
        file.refusal().map(RouteFileRow.Refusal::since).orElse(null));
  }

  static void remove(Connection connection, String file) throws SQLException {
    Sql.update(connection, "DELETE FROM route_file WHERE name = ?", file);
  }

  /** A flow that no file declares any more is not held any more either. */
  static void keepFlows(Connection connection, List<String> loaded) throws SQLException {
    Sql.update(
        connection,
        """
        UPDATE flow SET loaded = 0, hold_reason = NULL, hold_remedy = NULL, held_at = NULL
        WHERE loaded = 1 AND name NOT IN (SELECT value FROM json_each(?))""",
        Json.write(loaded));
    Sql.update(
        connection,
        "UPDATE flow SET loaded = 1 WHERE loaded = 0 AND name IN (SELECT value FROM json_each(?))",
        Json.write(loaded));
  }
}
