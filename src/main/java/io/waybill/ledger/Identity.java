package io.waybill.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What identifies a ledger in the audit trail.
 *
 * @param id made when the ledger was made
 * @param epoch 1 for a new ledger, one more each time that it was adopted
 * @param seq number of the last audit event of this epoch
 * @param host host that it belongs to
 * @param adopted when it was adopted last, if it was
 */
public record Identity(String id, int epoch, long seq, String host, Optional<Instant> adopted) {

  /** Of events that were written before. */
  static Identity of(String id, int epoch) {
    return new Identity(id, epoch, 0, "", Optional.empty());
  }

  static void create(Connection connection, Origin origin) throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO meta (only_row, id, epoch, audit_seq, created_at, host) VALUES (1, ?, 1, 0, ?, ?)",
        UUID.randomUUID().toString(),
        Instant.now(),
        origin.host());
  }

  /** The chain of the epoch that ends is kept; that of the new one goes on from its last hash. */
  static void adopt(Connection connection, int epoch, String host, Instant at) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO audit_epoch (epoch, audit_seq, audit_hash, audit_from, audit_sent)
        SELECT epoch, audit_seq, audit_hash, audit_from, audit_sent FROM meta""");
    Sql.updateOne(
        connection,
        "the ledger is of epoch " + epoch + " or later already",
        """
        UPDATE meta SET epoch = ?, audit_seq = 0, audit_from = 1, audit_sent = 0, host = ?,
          adopted_at = ?
        WHERE epoch < ?""",
        epoch,
        host,
        at,
        epoch);
  }

  static Identity read(Connection connection) throws SQLException {
    return Sql.first(
            connection,
            row ->
                new Identity(
                    row.getString("id"),
                    row.getInt("epoch"),
                    row.getLong("audit_seq"),
                    row.getString("host"),
                    Micros.optional(row, "adopted_at")),
            "SELECT * FROM meta")
        .orElseThrow(() -> new SQLException("the ledger has no identity"));
  }
}
