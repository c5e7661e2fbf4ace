package io.waybill.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Numbers of PostgreSQL's advisory locks, which all of a database share. */
final class AdvisoryKey {
  /** Sessions that hold the lock whose number has these halves. */
  static final String HOLDERS =
      """
      SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::bigint = ? AND objid::bigint = ?""";

  private static final long LOW = 0xffffffffL;

  private AdvisoryKey() {}

  /** The number for these words: the first 64 bits of their SHA-256. */
  static long of(String... words) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(Json.write(List.of(words)).getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static long high(long key) {
    return key >>> Integer.SIZE;
  }

  static long low(long key) {
    return key & LOW;
  }

  /** Takes a lock for the session of a connection, if nobody else has it. */
  static boolean tryLock(Connection connection, long key) throws SQLException {
    return Sql.first(connection, row -> row.getBoolean(1), "SELECT pg_try_advisory_lock(?)", key)
        .orElse(false);
  }

  static void unlock(Connection connection, long key) throws SQLException {
    Sql.list(connection, row -> true, "SELECT pg_advisory_unlock(?)", key);
  }
}
