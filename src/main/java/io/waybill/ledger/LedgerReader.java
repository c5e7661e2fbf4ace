package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import io.waybill.ledger.AuditSelection.Cursor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a ledger for people, beside the process that writes it and without holding it up.
 * Thread-safe: callers take turns. Methods throw {@link LedgerException}.
 */
public final class LedgerReader implements AutoCloseable {
  /** How many candidates an ambiguous id names. */
  private static final int CANDIDATES = 5;

  private final LedgerDatabase database;
  private final boolean shared;

  private LedgerReader(LedgerDatabase database, boolean shared) {
    this.database = database;
    this.shared = shared;
  }

  /**
   * Opens the ledger in this file read-only. Where none exists yet all answers are empty, and stay
   * so: open another reader later.
   *
   * @throws LedgerException if it is damaged, not readable, or of another version; the message says
   *     what to do and needs no stack trace
   */
  public static LedgerReader open(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Origin origin = Origin.here();
    if (Files.notExists(absolute)) {
      return new LedgerReader(new LedgerDatabase(new NoLedger(absolute, origin)), false);
    }
    LedgerDatabase database = new LedgerDatabase(SqliteConnector.reading(absolute));
    try {
      return database.read(
          "open the ledger",
          connection -> {
            Migrations.refuseOther(connection, Dialect.SQLITE, absolute.toString(), origin);
            return new LedgerReader(database, false);
          });
    } catch (LedgerException e) {
      database.close();
      throw e;
    }
  }

  /** As {@link #open(Path)}, of a ledger in PostgreSQL. */
  public static LedgerReader open(PostgresPlace place) {
    Origin origin = Origin.here();
    LedgerDatabase database = new LedgerDatabase(PostgresConnector.reading(place));
    try {
      boolean there =
          database.read(
              "open the ledger",
              connection -> {
                boolean found = Migrations.isThere(connection, Dialect.POSTGRESQL);
                if (found) {
                  Migrations.refuseOther(connection, Dialect.POSTGRESQL, place.name(), origin);
                }
                return found;
              });
      if (there) {
        return new LedgerReader(database, true);
      }
      database.close();
      return new LedgerReader(
          new LedgerDatabase(new NoLedger(Path.of(place.name()), origin)), false);
    } catch (LedgerException e) {
      database.close();
      throw e;
    }
  }

  /** The bytes of dead letters of all homes, if they share this ledger. */
  public Optional<DeadLetterArchive> archive() {
    return shared ? Optional.of(new DeadLetterArchive(database)) : Optional.empty();
  }

  /** The ledger's id, if there is a ledger. */
  public Optional<String> id() {
    return database.read(
        "read the ledger's id",
        connection -> Sql.first(connection, row -> row.getString(1), "SELECT id FROM meta"));
  }

  /** All flows by name, each with its newest run. */
  public List<FlowRow> flows() {
    return database.read("list flows", FlowRows::all);
  }

  /**
   * The newest runs, newest first.
   *
   * @param flow only of this flow
   * @param limit how many at most
   */
  public List<RunRow> runs(Optional<String> flow, int limit) {
    return database.read(
        "list runs",
        connection ->
            flow.isPresent()
                ? RunRows.ofFlow(connection, flow.get(), limit)
                : RunRows.latest(connection, limit));
  }

  /** The newest first of the runs that are meant. */
  public List<RunRow> runs(RunSelection selection, int limit) {
    return database.read("list runs", connection -> RunRows.selected(connection, selection, limit));
  }

  /** The batches that were settled last, of one flow or of all, the newest first. */
  public List<BatchPoint> latestBatches(Optional<String> flow, int limit) {
    return database.read("list batches", connection -> LineageRows.latest(connection, flow, limit));
  }

  /** Where the rows of this batch, or of this token, came from; empty if nobody knows. */
  public Optional<Lineage> lineage(String batchOrToken) {
    return database.read("look up a batch", connection -> LineageRows.of(connection, batchOrToken));
  }

  /**
   * The run whose id is this or the only one whose id begins with it.
   *
   * @throws RunNotFoundException if there is none, or more than one
   */
  public RunRow run(String idPrefix) {
    List<RunRow> found =
        database.read(
            "look up a run",
            connection -> RunRows.startingWith(connection, idPrefix, CANDIDATES + 1));
    if (found.isEmpty()) {
      throw new RunNotFoundException(
          "no run has an id that begins with '%s'; './waybill runs' lists them"
              .formatted(idPrefix));
    }
    // ids come sorted: one that is the prefix itself comes first
    if (found.size() > 1 && !found.get(0).id().equals(idPrefix)) {
      List<String> ids = found.stream().limit(CANDIDATES).map(RunRow::id).toList();
      throw new RunNotFoundException(
          "more than one run has an id that begins with '%s': %s%s; give more of it"
              .formatted(
                  idPrefix, String.join(", ", ids), found.size() > CANDIDATES ? ", ..." : ""));
    }
    return found.get(0);
  }

  /** The runs of a trigger, the oldest first. */
  public List<RunRow> runsOf(String trigger) {
    return database.read(
        "list runs of a trigger", connection -> RunRows.ofTrigger(connection, trigger));
  }

  /**
   * The newest triggers, newest first.
   *
   * @param flow only of this flow
   * @param limit how many at most
   */
  public List<TriggerRow> triggers(Optional<String> flow, int limit) {
    return database.read(
        "list triggers", connection -> TriggerStore.latest(connection, flow, limit));
  }

  /** The triggers whose id begins so, by id; a few. */
  public List<TriggerRow> triggersLike(String idPrefix) {
    return database.read(
        "look up a trigger",
        connection -> TriggerStore.startingWith(connection, idPrefix, CANDIDATES + 1));
  }

  /** The parts of a backfill, in their order. */
  public List<TriggerRow> childrenOf(String trigger) {
    return database.read(
        "list parts of a backfill", connection -> TriggerStore.children(connection, trigger));
  }

  /** Which flows wait for which, by name. */
  public List<UpstreamRow> upstreams() {
    return database.read("list what flows wait for", UpstreamStore::all);
  }

  /** The batches of a run in their order; empty for an unknown run. */
  public List<BatchRow> batches(String run) {
    return database.read("list batches", connection -> BatchRows.ofRun(connection, run));
  }

  /** The dead letters of a run in the order of their batches; empty for an unknown run. */
  public List<DeadLetterRow> deadLetters(String run) {
    return database.read(
        "list dead letters", connection -> BatchRows.deadLettersOfRun(connection, run));
  }

  /** The dead letters that are meant, in the order in which they were stored. */
  public List<DeadLetterRow> deadLetters(DeadLetterSelection selection, int limit) {
    return database.read(
        "list dead letters", connection -> DeadLetterRows.selected(connection, selection, limit));
  }

  /** The dead letters that are meant, by reason. */
  public List<DeadLetterGroup> deadLetterGroups(DeadLetterSelection selection) {
    return database.read(
        "list dead letters", connection -> DeadLetterRows.groups(connection, selection));
  }

  /** Route files, by name. */
  public List<RouteFileRow> routeFiles() {
    return database.read("list route files", RouteFileStore::all);
  }

  /** The policies of the homes, as the processes that serve, or served last, have them. */
  public List<PolicyFileRow> policies() {
    return database.read("look up the policy", PolicyBook::all);
  }

  /** The kill switches that are on by order. */
  public List<KillSwitchRow> killSwitches() {
    return database.read("look up kill switches", KillSwitchBook::all);
  }

  /** What needed a second person, the newest first. */
  public List<ApprovalRow> approvals(int most) {
    return database.read("list approvals", connection -> ApprovalBook.latest(connection, most));
  }

  /** The newest first of the events of the trail that are meant. */
  public List<AuditRow> audit(AuditSelection selection, int limit) {
    return database.read(
        "list audit events", connection -> TrailRows.latest(connection, selection, limit));
  }

  /** The chains of all epochs as the ledger counts them, the oldest first. */
  public List<TrailChain> chains() {
    return database.read("look at the audit trail", TrailRows::chains);
  }

  /** The numbers, both inclusive, that events of a period have, by epoch. */
  public List<TrailRange> trailRanges(Instant from, Instant to) {
    return database.read(
        "look at the audit trail", connection -> TrailRows.ranges(connection, from, to));
  }

  /** The events of a range, in their order. */
  public void trail(TrailRange range, Consumer<AuditRow> hears) {
    TrailRows.each(
        database,
        new Cursor(range.epoch(), range.from() - 1),
        (connection, place) ->
            TrailRows.between(connection, range.epoch(), place.seq(), range.to()),
        hears);
  }

  /**
   * Reads the trail, a part at a time, in its order.
   *
   * @param kinds labels of kinds; all if it is empty
   */
  public void trail(List<String> kinds, Consumer<AuditRow> hears) {
    TrailRows.each(
        database,
        new Cursor(0, 0),
        (connection, place) -> TrailRows.after(connection, place, kinds),
        hears);
  }

  /** How many audit events have not arrived in ClickHouse yet. */
  public long outboxPending() {
    return database.read("count audit events", AuditStore::pending);
  }

  @Override
  public void close() {
    database.close();
  }
}
