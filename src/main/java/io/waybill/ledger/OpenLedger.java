package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.AuditLog;
import io.waybill.audit.TrailActions;
import io.waybill.delivery.AuditOutbox;
import io.waybill.delivery.AuditOutbox.FrozenAudit;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Claims;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.SourceOffsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A ledger that is open: who it is, who has it open beside, what it has for the audit trail, and
 * the books in it. Thread-safe. Methods throw {@link LedgerException}.
 */
abstract class OpenLedger implements AuditOutbox, AuditLog, AutoCloseable {
  final LedgerDatabase database;
  final Identity identity;
  private final Origin origin;
  private final Optional<Instance> instance;
  private final Claims claims;

  OpenLedger(
      LedgerDatabase database,
      Identity identity,
      Origin origin,
      Optional<Instance> instance,
      Claims claims) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
    this.instance = instance;
    this.claims = claims;
  }

  /** Tells how long each change takes until it is on disk, with the wait for its turn. */
  public void timed(Consumer<Duration> hears) {
    database.timed(hears);
  }

  @Override
  public void note(AuditEvent event) {
    database.change(
        "note an audit event", connection -> AuditStore.add(connection, event, identity, origin));
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
