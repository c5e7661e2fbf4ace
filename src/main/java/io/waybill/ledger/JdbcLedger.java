package io.waybill.ledger;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.batch.Position;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Checkpoint;
import io.waybill.delivery.Claims;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.Ledger;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.LocalClaims;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The ledger in a SQLite file or in PostgreSQL. Every change is one transaction, synced to disk
 * before the method returns; a change that does not fit the state of a run or batch changes nothing
 * and throws. If the connection breaks while a change is committed, its fate is looked up before
 * anything is said of it. Instants are kept to the microsecond. Thread-safe: callers take turns.
 *
 * <p>One process may have a ledger in a file open for writing, several may share one in PostgreSQL;
 * others read it by {@link LedgerReader}.
 */
public final class JdbcLedger extends OpenLedger implements Ledger {
  private final RunBook runs;
  private final SettlementBook settlements;

  private JdbcLedger(
      LedgerDatabase database,
      Identity identity,
      Origin origin,
      Optional<Instance> instance,
      Claims claims) {
    super(database, identity, origin, instance, claims);
    this.runs = new RunBook(database, identity, origin, instance);
    this.settlements = new SettlementBook(database, identity, origin, instance);
  }

  /**
   * Opens the ledger in this file, makes it if there is none, and brings its schema up to date.
   *
   * @throws LedgerException if it is damaged, newer than this program, not writable or on a network
   *     file system; the message says what to do and needs no stack trace
   */
  public static JdbcLedger open(Path file) {
    return open(file, Origin.here());
  }

  /** As {@link #open(Path)}, with who writes its audit events. */
  public static JdbcLedger open(Path file, Origin origin) {
    Path absolute = file.toAbsolutePath().normalize();
    SqliteFile.prepare(absolute, origin);
    return open(absolute, origin, SqliteConnector.writing(absolute));
  }

  static JdbcLedger open(Path file, Origin origin, Connector connector) {
    LedgerDatabase database = new LedgerDatabase(connector);
    try {
      Identity identity =
          database.read(
              "open the ledger",
              connection -> {
                IntegrityCheck.run(connection, file);
                Migrations.upgrade(connection, file, origin);
                return Identity.read(connection);
              });
      return new JdbcLedger(database, identity, origin, Optional.empty(), new LocalClaims());
    } catch (RuntimeException e) {
      closeAfter(e, database);
      throw e;
    }
  }

  /**
   * Opens the ledger in PostgreSQL beside other processes, makes it if there is none, and brings
   * its schema up to date.
   *
   * @throws LedgerException if it cannot be reached, is newer than this program, or confirms what
   *     it has not on disk; the message says what to do and needs no stack trace
   */
  public static JdbcLedger open(PostgresPlace place, Origin origin) {
    Instance instance = new Instance(origin.host(), place.home());
    PostgresSchema.Opened opened = PostgresSchema.open(place, instance, origin);
    LedgerDatabase database = opened.database();
    Identity identity = opened.identity();
    Claims claims = new PostgresClaims(database, instance, opened.schema() + "/" + identity.id());
    return new JdbcLedger(database, identity, origin, Optional.of(instance), claims);
  }

  private static void closeAfter(RuntimeException failure, LedgerDatabase database) {
    try {
      database.close();
    } catch (LedgerException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public String id() {
    return identity.id();
  }

  @Override
  public Optional<Instant> adoptedAt() {
    return identity.adopted();
  }

  @Override
  public Optional<Unit> latestUnit(String flow, String sourceId, TableName target) {
    return database.read(
        "look up a source", connection -> UnitStore.latest(connection, flow, sourceId, target));
  }

  @Override
  public List<Unit> unitsInDoubt(String flow, String sourceId) {
    return database.read(
        "look up a source", connection -> UnitStore.inDoubt(connection, flow, sourceId));
  }

  @Override
  public List<Unit> unitsOfSize(String flow, TableName target, String sourceId, long size) {
    return database.read(
        "look for the same content",
        connection -> UnitStore.ofSize(connection, flow, target, sourceId, size));
  }

  @Override
  public List<String> otherFlowsOf(String flow, String sourceId, TableName target) {
    return database.read(
        "look up a source", connection -> UnitStore.otherFlows(connection, flow, sourceId, target));
  }

  @Override
  public void renameFlow(String formerly, String flow) {
    database.change(
        "rename flow " + formerly, connection -> FlowStore.rename(connection, formerly, flow));
  }

  @Override
  public Unit newUnit(String flow, String sourceId, TableName target, Format format, Stamp stamp) {
    return database.transaction(
        "write a source down",
        connection -> UnitStore.create(connection, flow, sourceId, target, format, stamp));
  }

  @Override
  public Optional<Run> lastRun(long unit) {
    return database.read("look up a run", connection -> RunStore.last(connection, unit));
  }

  @Override
  public List<LedgerBatch> batches(long unit) {
    return database.read("look up batches", connection -> BatchStore.ofUnit(connection, unit));
  }

  @Override
  public List<LedgerBatch> planned(long unit) {
    return database.read(
        "look up batches in doubt", connection -> BatchStore.planned(connection, unit));
  }

  @Override
  public Optional<Position> lastPosition(long unit) {
    return database.read(
        "look up the last batch", connection -> BatchStore.lastPosition(connection, unit));
  }

  @Override
  public List<LedgerBatch> batchesOf(String runId) {
    return database.read(
        "look up batches of run " + runId, connection -> BatchStore.ofRun(connection, runId));
  }

  @Override
  public Run beginRun(
      String runId, Unit unit, String location, Stamp stamp, Instant at, String trigger) {
    return runs.begin(runId, unit, location, stamp, at, trigger);
  }

  @Override
  public void resumeRun(String runId, Stamp stamp, Instant at) {
    runs.resume(runId, stamp, at);
  }

  @Override
  public void endRun(
      String runId, RunState state, String reason, String remedy, Stamp stamp, Instant at) {
    runs.end(runId, state, reason, remedy, stamp, at);
  }

  @Override
  public Optional<Checkpoint> checkpoint(String flow, TableName target) {
    return database.read(
        "look up a checkpoint", connection -> CheckpointStore.of(connection, flow, target));
  }

  @Override
  public Optional<RunState> runState(String runId) {
    return database.read("look up a run", connection -> RunStore.state(connection, runId));
  }

  @Override
  public void restamp(long unit, Stamp stamp) {
    database.change(
        "note how a source looks", connection -> UnitStore.restamp(connection, unit, stamp));
  }

  @Override
  public void plan(BatchPlan plan) {
    database.change("plan batch " + plan.id(), connection -> BatchStore.plan(connection, plan));
  }

  @Override
  public int nextAttempt(BatchPlan plan) {
    return database.transaction(
        "count an attempt of batch " + plan.id(),
        connection -> BatchStore.nextAttempt(connection, plan));
  }

  @Override
  public void refused(String batch) {
    database.change(
        "note what came of an attempt of batch " + batch,
        connection -> BatchStore.refused(connection, batch));
  }

  @Override
  public void reshape(BatchPlan plan) {
    database.change(
        "plan batch " + plan.id() + " anew", connection -> BatchStore.reshape(connection, plan));
  }

  @Override
  public void commit(Waybill waybill) {
    settlements.commit(waybill);
  }

  @Override
  public void bury(Waybill waybill, List<DeadLetter> letters) {
    settlements.bury(waybill, letters);
  }

  @Override
  public void split(Waybill waybill, BatchPlan rest, List<DeadLetter> letters) {
    settlements.split(waybill, rest, letters);
  }

  @Override
  public void renew(BatchPlan plan) {
    boolean audit = plan.flow().equals(AuditBatchStore.FLOW);
    database.change(
        "give batch " + plan.id() + " another token",
        connection -> {
          if (audit) {
            AuditBatchStore.renew(connection, plan);
          } else {
            BatchStore.renew(connection, plan);
          }
        });
  }

  @Override
  public List<Run> interruptedRuns() {
    return runs.interrupted();
  }

  @Override
  public void interrupt(String runId, String reason, String remedy, Instant at) {
    runs.interrupt(runId, reason, remedy, at);
  }

  @Override
  public void registerFlow(String flow, TableName target, String declaredIn) {
    database.change(
        "register flow " + flow,
        connection -> FlowStore.register(connection, flow, target, declaredIn));
  }

  @Override
  public void holdFlow(String flow, String reason, String remedy, Instant at) {
    database.change(
        "hold flow " + flow, connection -> FlowStore.hold(connection, flow, reason, remedy, at));
  }

  @Override
  public void releaseFlow(String flow) {
    database.change("release flow " + flow, connection -> FlowStore.release(connection, flow));
  }
}
