package io.waybill.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/**
 * What identifies a ledger in the audit trail.
 *
 * @param id made when the ledger was made
 * @param epoch 1 for a new ledger
 */
record Identity(String id, int epoch) {

  static void create(Connection connection, Origin origin) throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO meta (only_row, id, epoch, audit_seq, created_at, host) VALUES (1, ?, 1, 0, ?, ?)",
        UUID.randomUUID().toString(),
        Instant.now(),
        origin.host());
  }

  static Identity read(Connection connection) throws SQLException {
    return Sql.first(
            connection,
            row -> new Identity(row.getString("id"), row.getInt("epoch")),
            "SELECT id, epoch FROM meta")
        .orElseThrow(() -> new SQLException("the ledger has no identity"));
  }
}
