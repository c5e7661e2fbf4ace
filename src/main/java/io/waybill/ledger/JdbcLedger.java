package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.AuditLog;
import io.waybill.audit.TrailActions;
import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.batch.Position;
import io.waybill.delivery.AuditOutbox;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.Checkpoint;
import io.waybill.delivery.Claims;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.Ledger;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.LocalClaims;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.SourceOffsets;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The ledger in a SQLite file or in PostgreSQL. Every change is one transaction, synced to disk
 * before the method returns; a change that does not fit the state of a run or batch changes nothing
 * and throws. If the connection breaks while a change is committed, its fate is looked up before
 * anything is said of it. Instants are kept to the microsecond. Thread-safe: callers take turns.
 *
 * <p>One process may have a ledger in a file open for writing, several may share one in PostgreSQL;
 * others read it by {@link LedgerReader}.
 */
public final class JdbcLedger implements Ledger, AuditOutbox, AuditLog, AutoCloseable {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;
  private final Optional<Instance> instance;
  private final Claims claims;

  private JdbcLedger(LedgerDatabase database, Identity identity, Origin origin) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
    this.instance = Optional.empty();
    this.claims = new LocalClaims();
  }

  private JdbcLedger(PostgresSchema.Opened opened, Instance instance, Origin origin) {
    this.database = opened.database();
    this.identity = opened.identity();
    this.origin = origin;
    this.instance = Optional.of(instance);
    this.claims = new PostgresClaims(database, instance, opened.schema() + "/" + identity.id());
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
      return new JdbcLedger(database, identity, origin);
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
    return new JdbcLedger(PostgresSchema.open(place, instance, origin), instance, origin);
  }

  private static void closeAfter(RuntimeException failure, LedgerDatabase database) {
    try {
      database.close();
    } catch (LedgerException e) {
      failure.addSuppressed(e);
    }
  }

  /** Tells how long each change takes until it is on disk, with the wait for its turn. */
  public void timed(Consumer<Duration> hears) {
    database.timed(hears);
  }

  @Override
  public String id() {
    return identity.id();
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
    return database.transaction(
        "begin run " + runId,
        connection -> {
          Run run = RunStore.begin(connection, runId, unit, location, stamp, at);
          TriggerStore.begins(connection, runId, trigger);
          runsHere(connection, runId);
          note(connection, runId, "begin", at);
          return run;
        });
  }

  @Override
  public void resumeRun(String runId, Stamp stamp, Instant at) {
    database.change(
        "resume run " + runId,
        connection -> {
          RunStore.resume(connection, runId, stamp);
          runsHere(connection, runId);
          note(connection, runId, "resume", at);
        });
  }

  private void runsHere(Connection connection, String run) throws SQLException {
    if (instance.isPresent()) {
      instance.get().runs(connection, run);
    }
  }

  @Override
  public void endRun(
      String runId, RunState state, String reason, String remedy, Stamp stamp, Instant at) {
    database.change(
        "end run " + runId,
        connection -> {
          RunStore.end(connection, runId, state, reason, remedy, stamp, at);
          note(connection, runId, "end", at);
          FlowEnds.ofRun(connection, runId, state, at);
          if (state.isComplete()) {
            CheckpointStore.settle(connection, runId, at);
          }
        });
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

  /**
   * {@inheritDoc} A batch that is settled already is an error, since its second audit event would
   * tell of rows that did not arrive; but one that a process which took the run over committed just
   * so is left as it is.
   */
  @Override
  public void commit(Waybill waybill) {
    require(waybill, BatchState.COMMITTED);
    database.change(
        "commit batch " + waybill.plan().id(),
        connection -> {
          if (!isCommittedElsewhere(connection, waybill.plan())) {
            BatchStore.settle(connection, waybill);
            AuditStore.add(connection, BatchPapers.of(waybill), identity, origin);
          }
        });
  }

  private boolean isCommittedElsewhere(Connection connection, BatchPlan plan) throws SQLException {
    return instance.isPresent() && instance.get().isCommittedElsewhere(connection, plan);
  }

  @Override
  public void bury(Waybill waybill, List<DeadLetter> letters) {
    require(waybill, BatchState.DEAD);
    database.change(
        "bury batch " + waybill.plan().id(), connection -> refused(connection, waybill, letters));
  }

  @Override
  public void split(Waybill waybill, BatchPlan rest, List<DeadLetter> letters) {
    require(waybill, BatchState.SPLIT);
    database.change(
        "split batch " + waybill.plan().id(),
        connection -> {
          refused(connection, waybill, letters);
          BatchStore.plan(connection, rest);
        });
  }

  private void refused(Connection connection, Waybill waybill, List<DeadLetter> letters)
      throws SQLException {
    BatchStore.settle(connection, waybill);
    for (DeadLetter letter : letters) {
      DeadLetterStore.add(connection, waybill.plan(), letter);
    }
    AuditStore.add(connection, BatchPapers.of(waybill), identity, origin);
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

  private static void require(Waybill waybill, BatchState state) {
    if (waybill.state() != state) {
      throw new IllegalArgumentException("not papers of a " + state.label() + " batch");
    }
  }

  @Override
  public List<Run> interruptedRuns() {
    return database.read(
        "look up runs",
        connection ->
            instance.isPresent()
                ? instance.get().interrupted(connection)
                : RunStore.running(connection));
  }

  @Override
  public void interrupt(String runId, String reason, String remedy, Instant at) {
    database.change(
        "hold run " + runId,
        connection -> {
          RunStore.interrupt(connection, runId, reason, remedy, at);
          note(connection, runId, "interrupt", at);
        });
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

  @Override
  public void note(AuditEvent event) {
    database.change(
        "note an audit event", connection -> AuditStore.add(connection, event, identity, origin));
  }

  private void note(Connection connection, String run, String action, Instant at)
      throws SQLException {
    AuditStore.add(connection, RunPapers.of(connection, run, action, at), identity, origin);
  }

  @Override
  public long pending() {
    return database.read("count audit events", AuditStore::pending);
  }

  @Override
  public Optional<FrozenAudit> frozen() {
    return database.read(
        "read audit events", connection -> AuditBatchStore.frozen(connection, identity));
  }

  @Override
  public Optional<FrozenAudit> freeze(InsertShape shape, int most, Instant at) {
    return database.transaction(
        "freeze audit events",
        connection -> AuditBatchStore.freeze(connection, identity, shape, most, at));
  }

  @Override
  public void settled(BatchPlan plan) {
    database.change(
        "settle audit batch " + plan.id(), connection -> AuditBatchStore.settled(connection, plan));
  }

  /** Who may deliver what, among the processes that share this ledger. */
  public Claims claims() {
    return claims;
  }

  /** The bytes of dead letters of all homes, if they share this ledger. */
  public Optional<DeadLetterArchive> archive() {
    return instance.map(here -> new DeadLetterArchive(database));
  }

  /**
   * Where else what a flow brought waits, in words; empty if nobody had the flow before this home.
   */
  public Optional<String> otherHomeOf(String flow) {
    return instance.flatMap(
        here ->
            database.transaction(
                "note the home of flow " + flow, connection -> here.otherHomeOf(connection, flow)));
  }

  /** Other processes that have this ledger open, in words; none can have one in a file open. */
  public List<String> others() {
    return instance
        .map(here -> database.read("look for other processes", here::others))
        .orElse(List.of());
  }

  /** What identifies this ledger in the audit trail, as it is now. */
  public Identity identity() {
    return database.read("read the ledger's identity", Identity::read);
  }

  /** The host that writes it now. */
  public String host() {
    return origin.host();
  }

  /**
   * Begins a new epoch on this host. To be opened anew afterwards.
   *
   * @param epoch later than any that this ledger or a copy of it had
   * @param arrived number of the last event of the epoch that ends which ClickHouse has
   * @param by who decided
   */
  public void adopt(int epoch, long arrived, String by, Instant at) {
    database.change(
        "adopt the ledger",
        connection -> {
          Identity before = Identity.read(connection);
          AuditStore.arrived(connection, before.epoch(), Math.min(arrived, before.seq()));
          Identity.adopt(connection, epoch, origin.host(), at);
          AuditStore.add(connection, adoption(before, by, at), Identity.read(connection), origin);
        });
  }

  private static AuditEvent adoption(Identity before, String by, Instant at) {
    return AuditEvent.of(AuditKind.LEDGER, at)
        .with(AuditField.ACTION, TrailActions.ADOPT)
        .with(AuditField.POSITION_FROM, before.epoch())
        .with(AuditField.POSITION_TO, before.seq())
        .with(AuditField.LOCATION, before.host())
        .with(AuditField.OUTCOME, "adopted")
        .with(AuditField.ORDERED_BY, by)
        .build();
  }

  @Override
  public Optional<Instant> adoptedAt() {
    return identity.adopted();
  }

  /**
   * Forgets the detail of what was settled before this time, a part at a time, so that others get
   * their turn.
   *
   * @return how many batches were forgotten
   */
  public long prune(Instant before) {
    Pruning.Progress progress = new Pruning.Progress(0, 0, true);
    long batches = 0;
    while (progress.more()) {
      long last = progress.run();
      progress =
          database.transaction(
              "prune the ledger", connection -> Pruning.some(connection, last, before));
      batches += progress.batches();
    }
    instance.ifPresent(here -> database.change("prune the ledger", here::forgetDead));
    return batches;
  }

  /** The book of what becomes of dead letters, in this ledger. */
  public ReplayBook replays() {
    return new ReplayBook(database, identity, origin);
  }

  /** The book of batches whose rows are gone, in this ledger. */
  public ReconcileBook reconciling() {
    return new ReconcileBook(database, identity, origin);
  }

  /** The book of route files, in this ledger. */
  public RouteBook routes(Clock clock) {
    String home = instance.map(here -> here.home().toString()).orElse("");
    return new RouteBook(database, identity, origin, home, clock);
  }

  /** The book of the policy, in this ledger. */
  public PolicyBook policies(Clock clock) {
    String home = instance.map(here -> here.home().toString()).orElse("");
    return new PolicyBook(database, identity, origin, home, clock);
  }

  /** The book of kill switches, in this ledger. */
  public KillSwitchBook killSwitches() {
    return new KillSwitchBook(database, identity, origin);
  }

  /** The book of what needs a second person, in this ledger. */
  public ApprovalBook approvals() {
    return new ApprovalBook(database, identity, origin);
  }

  /** The audit trail, in this ledger. */
  public TrailBook trail() {
    return new TrailBook(database, identity, origin);
  }

  /** Orders of people, in this ledger; not to be closed. */
  public RequestBook requests() {
    return new RequestBook(database, instance.map(Instance::home));
  }

  /** The book of triggers, in this ledger. */
  public TriggerBook triggers() {
    return new TriggerBook(database, identity, origin);
  }

  /** How far flows have read, in this ledger. */
  public SourceOffsets offsets() {
    return new OffsetBook(database);
  }

  /** Closes the file; later calls throw. Closing again does nothing. */
  @Override
  public void close() {
    database.close();
  }
}
