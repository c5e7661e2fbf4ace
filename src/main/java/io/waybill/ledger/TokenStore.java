package io.waybill.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens that batches had before the one they have; what came under any of them is theirs. */
final class TokenStore {
  private TokenStore() {}

  /** Keeps the token that a batch has now as a former one. */
  static void keep(Connection connection, String batch, String tokenOfBatch) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO former_token (batch, number, token)
        SELECT ?, (SELECT COUNT(*) FROM former_token WHERE batch = ?), token FROM (%s) AS planned"""
            .formatted(tokenOfBatch),
        batch,
        batch,
        batch);
  }

  static List<String> of(Connection connection, String batch) throws SQLException {
    return Sql.list(
        connection,
        row -> row.getString("token"),
        "SELECT token FROM former_token WHERE batch = ? ORDER BY number",
        batch);
  }

  /** Those of a unit's batches in doubt, by batch. */
  static Map<String, List<String>> ofPlanned(Connection connection, long unit) throws SQLException {
    Map<String, List<String>> tokens = new HashMap<>();
    List<String[]> rows =
        Sql.list(
            connection,
            row -> new String[] {row.getString("batch"), row.getString("token")},
            """
            SELECT former_token.batch, former_token.token
            FROM batch JOIN former_token ON former_token.batch = batch.id
            WHERE batch.unit = ? AND batch.state = 'planned'
            ORDER BY former_token.batch, former_token.number""",
            unit);
    for (String[] row : rows) {
      tokens.computeIfAbsent(row[0], batch -> new ArrayList<>()).add(row[1]);
    }
    return tokens;
  }
}
