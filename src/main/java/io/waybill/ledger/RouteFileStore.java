package io.waybill.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which route files are loaded or were refused. */
final class RouteFileStore {
  private RouteFileStore() {}

  static List<RouteFileRow> all(Connection connection) throws SQLException {
    return Sql.list(
        connection, RouteFileStore::row, "SELECT * FROM route_file ORDER BY home, name");
  }

  static List<RouteFileRow> ofHome(Connection connection, String home) throws SQLException {
    return Sql.list(
        connection,
        RouteFileStore::row,
        "SELECT * FROM route_file WHERE home = ? ORDER BY name",
        home);
  }

  static Optional<RouteFileRow> of(Connection connection, String home, String file)
      throws SQLException {
    return Sql.first(
        connection,
        RouteFileStore::row,
        "SELECT * FROM route_file WHERE home = ? AND name = ?",
        home,
        file);
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
                    refused, row.getString("reason"), Micros.instant(row, "refused_at"))),
        row.getString("content"));
  }

  static void put(Connection connection, String home, RouteFileRow file) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO route_file (home, name, digest, flows, loaded_at, refused_digest, reason,
          refused_at, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (home, name) DO UPDATE SET digest = excluded.digest, flows = excluded.flows,
          loaded_at = excluded.loaded_at, refused_digest = excluded.refused_digest,
          reason = excluded.reason, refused_at = excluded.refused_at, content = excluded.content""",
        home,
        file.name(),
        file.digest(),
        Json.write(file.flows()),
        file.loaded().orElse(null),
        file.refusal().map(RouteFileRow.Refusal::digest).orElse(""),
        file.refusal().map(RouteFileRow.Refusal::reason).orElse(""),
        file.refusal().map(RouteFileRow.Refusal::since).orElse(null),
        file.content());
  }

  static void remove(Connection connection, String home, String file) throws SQLException {
    Sql.update(connection, "DELETE FROM route_file WHERE home = ? AND name = ?", home, file);
  }

  /**
   * A flow that no file declares any more, of this home or another one, is not held any more
   * either.
   */
  static void keepFlows(Connection connection, String home, List<String> loaded)
      throws SQLException {
    Set<String> declared = new HashSet<>(loaded);
    for (String elsewhere :
        Sql.list(
            connection,
            row -> row.getString(1),
            "SELECT flows FROM route_file WHERE home <> ?",
            home)) {
      declared.addAll(Json.strings(elsewhere));
    }
    for (String flow :
        Sql.list(connection, row -> row.getString(1), "SELECT name FROM flow WHERE loaded = 1")) {
      if (!declared.contains(flow)) {
        Sql.update(
            connection,
            """
            UPDATE flow SET loaded = 0, hold_reason = NULL, hold_remedy = NULL, held_at = NULL
            WHERE name = ?""",
            flow);
      }
    }
    for (String flow : loaded) {
      Sql.update(connection, "UPDATE flow SET loaded = 1 WHERE loaded = 0 AND name = ?", flow);
    }
  }
}
