package io.waybill.ledger;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Run;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * This process among those that share a ledger in PostgreSQL. It is known to live by an advisory
 * lock that the session of its connection holds; the server releases it with the session, however
 * that ends. Changes are made in that very session: who lost its locks can change nothing either.
 * Thread-safe.
 */
final class Instance {
  private static final long PAUSE_NANOS = 50_000_000;
  private static final int TRIES = 200;
  private final String id = UUID.randomUUID().toString();
  private final long lock = AdvisoryKey.of("instance", id);
  private final Instant startedAt = Instant.now();
  private final String host;
  private final Path home;
  private final AtomicInteger lost = new AtomicInteger();

  Instance(String host, Path home) {
    this.host = host;
    this.home = home;
  }

  /** The name of this home among those that share the ledger. */
  String home() {
    return home(host, home);
  }

  static String home(String host, Path folder) {
    return host + ":" + folder;
  }

  /** How many sessions were lost: what was locked before the last loss is not locked any more. */
  int lostSessions() {
    return lost.get();
  }

  void lost() {
    lost.incrementAndGet();
  }

  /** Takes the lock for a new session, and writes down who has it. */
  void enter(Connection connection) throws SQLException {
    for (int i = 0; !AdvisoryKey.tryLock(connection, lock); i++) {
      if (i == TRIES) {
        throw new SQLException("the session before does not end", "08006");
      }
      endFormerSession(connection);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    Sql.update(
        connection,
        """
        INSERT INTO instance (id, lock, host, pid, home, started_at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING""",
        id,
        lock,
        host,
        ProcessHandle.current().pid(),
        home.toString(),
        startedAt);
  }

  /**
   * Nobody else knows the number: what holds its lock is a session whose end was not noticed yet.
   */
  void endFormerSession(Connection connection) throws SQLException {
    Sql.list(
        connection,
        row -> true,
        "SELECT pg_terminate_backend(pid) FROM (" + AdvisoryKey.HOLDERS + ") AS holder",
        AdvisoryKey.high(lock),
        AdvisoryKey.low(lock));
  }

  /** Notes that this process runs a run. */
  void runs(Connection connection, String run) throws SQLException {
    Sql.update(connection, "UPDATE run SET instance = ? WHERE id = ?", id, run);
  }

  /** Whether a process that took its run over committed a batch just as it is planned here. */
  boolean isCommittedElsewhere(Connection connection, BatchPlan plan) throws SQLException {
    return Sql.number(
            connection,
            """
            SELECT COUNT(*) FROM batch JOIN run ON run.id = batch.run
            WHERE batch.id = ? AND batch.state = 'committed' AND batch.token = ?
              AND batch.digest = ? AND run.instance <> ?""",
            plan.id(),
            plan.token(),
            plan.digest(),
            id)
        == 1;
  }

  /** Runs that say running, of processes that do not live any more. */
  List<Run> interrupted(Connection connection) throws SQLException {
    List<Run> interrupted = new ArrayList<>();
    for (String dead : dead(connection)) {
      interrupted.addAll(RunStore.running(connection, dead));
    }
    interrupted.addAll(RunStore.running(connection, ""));
    return interrupted;
  }

  /** Forgets processes that do not live any more and whose runs are all ended. */
  void forgetDead(Connection connection) throws SQLException {
    for (String dead : dead(connection)) {
      Sql.update(
          connection,
          """
          DELETE FROM instance WHERE id = ? AND NOT EXISTS (
            SELECT 1 FROM run WHERE run.instance = instance.id AND run.state = 'running')""",
          dead);
    }
  }

  /** Where else a flow was first; else it belongs to this home from now on. */
  Optional<String> otherHomeOf(Connection connection, String flow) throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO flow_home (flow, host, home) VALUES (?, ?, ?) ON CONFLICT (flow) DO NOTHING",
        flow,
        host,
        home.toString());
    return Sql.first(
        connection,
        row -> "%s on host %s".formatted(row.getString("home"), row.getString("host")),
        "SELECT * FROM flow_home WHERE flow = ? AND (host <> ? OR home <> ?)",
        flow,
        host,
        home.toString());
  }

  /** Where else a process lives that has this ledger open, in words. */
  List<String> others(Connection connection) throws SQLException {
    List<String> dead = dead(connection);
    return Sql.list(
            connection,
            row ->
                new String[] {
                  row.getString("id"),
                  "process %d on %s (%s)"
                      .formatted(row.getLong("pid"), row.getString("host"), row.getString("home"))
                },
            "SELECT * FROM instance WHERE id <> ? ORDER BY started_at",
            id)
        .stream()
        .filter(other -> !dead.contains(other[0]))
        .map(other -> other[1])
        .toList();
  }

  private List<String> dead(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        row -> row.getString("id"),
        """
        SELECT id FROM instance WHERE id <> ? AND NOT EXISTS (
          SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid::bigint = (instance.lock >> 32) & 4294967295
            AND objid::bigint = instance.lock & 4294967295)""",
        id);
  }
}
