package io.waybill.ledger;

import io.waybill.delivery.RunState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The book of triggers: when flows were started and why, and what is to start them. Every change is
 * on disk when its method returns. Thread-safe. Methods throw {@link
 * io.waybill.delivery.LedgerException}.
 */
public final class TriggerBook {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;

  TriggerBook(LedgerDatabase database, Identity identity, Origin origin) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
  }

  /**
   * Writes triggers down, all or none.
   *
   * @return whether they are new; false if a due time of a schedule has one already
   */
  public boolean add(List<TriggerRow> triggers) {
    return database.transaction(
        "write a trigger down",
        connection -> {
          boolean added = true;
          for (TriggerRow trigger : triggers) {
            added &= TriggerStore.add(connection, trigger);
          }
          return added;
        });
  }

  /** Notes that the flow of an open trigger is being started for it. */
  public void start(String id, Instant at) {
    database.change("start a trigger", connection -> TriggerStore.start(connection, id, at));
  }

  /**
   * Ends a trigger; one that has ended stays as it is.
   *
   * @return whether it was open
   */
  public boolean end(String id, TriggerState state, String reason, Instant at) {
    return database.transaction(
        "end a trigger",
        connection -> {
          boolean ended = TriggerStore.end(connection, id, state, reason, at);
          Optional<TriggerRow> trigger = TriggerStore.find(connection, id);
          if (ended && trigger.isPresent()) {
            FlowEnds.ofTrigger(connection, trigger.get(), state, at);
          }
          return ended;
        });
  }

  /** Triggers that have not ended or are held, the oldest first. */
  public List<TriggerRow> open() {
    return database.read("look up triggers", TriggerStore::open);
  }

  /** The trigger of this id. */
  public Optional<TriggerRow> find(String id) {
    return database.read("look up a trigger", connection -> TriggerStore.find(connection, id));
  }

  /** The trigger that a run belongs to. */
  public Optional<TriggerRow> ofRun(String run) {
    return database.read(
        "look up the trigger of a run", connection -> TriggerStore.ofRun(connection, run));
  }

  /** The parts of a backfill, in their order. */
  public List<TriggerRow> partsOf(String backfill) {
    return database.read(
        "look up the parts of a backfill",
        connection -> TriggerStore.children(connection, backfill));
  }

  /** How a backfill stands by its parts; empty if the trigger has none. */
  public Optional<TriggerState> worstOfParts(String backfill) {
    List<TriggerRow> parts = partsOf(backfill);
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(TriggerState.worstPart(parts.stream().map(TriggerRow::state).toList()));
  }

  /**
   * When a schedule is due next, as it was noted last; empty if it was another one then, or none.
   */
  public Optional<Instant> nextDue(String flow, String schedule) {
    return database.read(
        "look up when flow " + flow + " is due",
        connection ->
            Sql.first(
                connection,
                row -> Micros.instant(row, "next_due_at"),
                "SELECT next_due_at FROM flow"
                    + " WHERE name = ? AND schedule = ? AND next_due_at IS NOT NULL",
                flow,
                schedule));
  }

  /** The states of the runs of a trigger. */
  public List<RunState> runs(String trigger) {
    return database.read("look up runs", connection -> TriggerStore.runs(connection, trigger));
  }

  /** Notes when a flow is started, for people; empty and none if it has no schedule. */
  public void scheduled(String flow, String schedule, Optional<Instant> next) {
    database.change(
        "note when flow " + flow + " is due",
        connection ->
            Sql.update(
                connection,
                "UPDATE flow SET schedule = ?, next_due_at = ? WHERE name = ?",
                schedule,
                next.orElse(null),
                flow));
  }

  /** Notes that a person wants a flow to rest, or not any more. */
  public void pause(String flow, Optional<FlowRow.Pause> pause) {
    database.change(
        "note whether flow " + flow + " rests", connection -> pause(connection, flow, pause));
  }

  private static void pause(Connection connection, String flow, Optional<FlowRow.Pause> pause)
      throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO flow (name, paused_at, paused_by) VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET paused_at = excluded.paused_at,
          paused_by = excluded.paused_by""",
        flow,
        pause.map(FlowRow.Pause::since).orElse(null),
        pause.map(FlowRow.Pause::by).orElse(null));
  }

  /** Who wants a flow to rest, if somebody does. */
  public Optional<FlowRow.Pause> paused(String flow) {
    return database.read(
        "look whether flow " + flow + " rests",
        connection ->
            Sql.first(
                connection,
                row ->
                    new FlowRow.Pause(row.getString("paused_by"), Micros.instant(row, "paused_at")),
                "SELECT * FROM flow WHERE name = ? AND paused_at IS NOT NULL",
                flow));
  }

  /**
   * Notes what a flow waits for; empty for nothing. What it has not waited for before counts from
   * now on.
   */
  public void declare(
      String flow, Set<String> upstreams, boolean anyEnd, boolean all, Duration within) {
    database.change(
        "note what flow " + flow + " waits for",
        connection -> UpstreamStore.declare(connection, flow, upstreams, anyEnd, all, within));
  }

  /** What flows wait for. */
  public List<UpstreamRow> upstreams() {
    return database.read("look up what flows wait for", UpstreamStore::all);
  }

  /**
   * Starts a flow for a set of ends: the trigger is written and the ends are taken in one
   * transaction, so that no crash and no other process starts it for them twice.
   *
   * @param set all that the flow waits for, as {@link #upstreams} told it
   * @return whether this call did it
   */
  public boolean take(List<UpstreamRow> set, TriggerRow trigger) {
    return database.transaction(
        "start flow " + trigger.flow() + " for the flows that it waits for",
        connection -> {
          if (!UpstreamStore.take(connection, set)) {
            connection.rollback();
            return false;
          }
          return TriggerStore.add(connection, trigger);
        });
  }

  /**
   * Puts a run that nobody runs into a state that a person decides.
   *
   * @throws io.waybill.delivery.LedgerException if it is to be complete and batches are in doubt
   */
  public void mark(String run, RunState state, String note, Instant at) {
    database.change(
        "mark run " + run,
        connection -> {
          RunStore.mark(connection, run, state, note, at);
          AuditStore.add(connection, RunPapers.of(connection, run, "mark", at), identity, origin);
        });
  }
}
