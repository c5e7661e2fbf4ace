package io.waybill.app;

import io.waybill.delivery.BatchState;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this process's runs have brought so far, for people who watch. Thread-safe. */
public final class RunProgress implements RunListener {

  /**
   * A run as it stands.
   *
   * @param fraction share of the source that was read, 0 to 1
   * @param firstBatch id of the first batch that was settled, which is its query id; may be empty
   * @param lastBatch id of the last one
   * @param unchanged whether nothing was to be done
   */
  public record Snapshot(
      String run,
      String flow,
      String location,
      String table,
      RunState state,
      String reason,
      String remedy,
      boolean unchanged,
      boolean resumed,
      double fraction,
      long rows,
      long bytes,
      long batches,
      long deadRows,
      String firstBatch,
      String lastBatch,
      Duration elapsed) {}

  private static final int REMEMBERED = 10_000;
  private final Clock clock;
  private final Throughput throughput;
  private long changes;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  public RunProgress(Clock clock) {
    this.clock = clock;
    this.throughput = new Throughput(clock);
  }

  @Override
  public synchronized void begun(Run run, Unit unit, String location, boolean resumed) {
    Entry entry = entries.computeIfAbsent(run.id(), id -> new Entry(run, unit, location));
    entry.state = RunState.RUNNING;
    entry.resumed |= resumed;
    entry.ended = null;
    entry.changed();
    forgetOldest();
  }

  @Override
  public synchronized void unchanged(Run run, Unit unit, String location) {
    Entry entry = entries.computeIfAbsent(run.id(), id -> new Entry(run, unit, location));
    if (entry.batches == 0) {
      entry.unchanged = true;
      entry.state = run.state();
      entry.ended = entry.started;
      entry.changed();
    }
    forgetOldest();
  }

  @Override
  public synchronized void stillFailed(Run run, Unit unit, String location) {
    Entry entry = entries.computeIfAbsent(run.id(), id -> new Entry(run, unit, location));
    entry.state = RunState.FAILED;
    entry.reason = run.reason();
    entry.remedy = run.remedy();
    entry.ended = entry.ended == null ? entry.started : entry.ended;
    entry.changed();
    forgetOldest();
  }

  @Override
  public synchronized void read(Run run, double fraction) {
    Entry entry = entries.get(run.id());
    if (entry != null) {
      entry.fraction = fraction;
      entry.changed();
    }
  }

  @Override
  public synchronized void settled(Waybill waybill) {
    Entry entry = entries.get(waybill.plan().run());
    if (entry == null) {
      return;
    }
    entry.deadRows += waybill.deadRows();
    entry.changed();
    throughput.settled(entry.run.flow(), waybill);
    if (waybill.state() == BatchState.SPLIT) {
      return; // another batch takes its place
    }
    if (waybill.state() == BatchState.COMMITTED) {
      entry.rows += waybill.plan().rows();
    }
    entry.bytes += waybill.plan().bytes();
    entry.batches++;
    String id = waybill.plan().id();
    entry.firstBatch =
        entry.firstBatch.isEmpty() || id.compareTo(entry.firstBatch) < 0 ? id : entry.firstBatch;
    entry.lastBatch = id.compareTo(entry.lastBatch) > 0 ? id : entry.lastBatch;
  }

  @Override
  public synchronized void ended(Run run, RunState state, String reason, String remedy) {
    Entry entry = entries.get(run.id());
    if (entry != null) {
      entry.state = state;
      entry.reason = reason;
      entry.remedy = remedy;
      entry.ended = clock.instant();
      entry.changed();
    }
  }

  /** All runs of this process that are remembered, in the order in which they began. */
  public synchronized List<Snapshot> all() {
    return entries.values().stream().map(this::snapshot).toList();
  }

  /** The number of changes up to now. */
  public synchronized long mark() {
    return changes;
  }

  /** The runs that changed after that mark, in the order in which they began. */
  public synchronized List<Snapshot> changedSince(long mark) {
    return entries.values().stream()
        .filter(entry -> entry.change > mark)
        .map(this::snapshot)
        .toList();
  }

  /** What was delivered lately. */
  Throughput throughput() {
    return throughput;
  }

  /** One run, if it is remembered. */
  public synchronized List<Snapshot> of(Collection<String> runs) {
    return runs.stream().map(entries::get).filter(e -> e != null).map(this::snapshot).toList();
  }

  private void forgetOldest() {
    if (entries.size() > REMEMBERED) {
      String oldest = entries.keySet().iterator().next();
      entries.remove(oldest);
    }
  }

  private Snapshot snapshot(Entry entry) {
    Instant end = entry.ended == null ? clock.instant() : entry.ended;
    return new Snapshot(
        entry.run.id(),
        entry.run.flow(),
        entry.location,
        entry.unit.target().toString(),
        entry.state,
        entry.reason,
        entry.remedy,
        entry.unchanged,
        entry.resumed,
        entry.fraction,
        entry.rows,
        entry.bytes,
        entry.batches,
        entry.deadRows,
        entry.firstBatch,
        entry.lastBatch,
        Duration.between(entry.started, end));
  }

  /** A run while it is watched; guarded by the lock of the whole. */
  private final class Entry {
    private final Run run;
    private final Unit unit;
    private final String location;
    private final Instant started = clock.instant();
    private Instant ended;
    private RunState state = RunState.RUNNING;
    private String reason = "";
    private String remedy = "";
    private boolean unchanged;
    private boolean resumed;
    private double fraction;
    private long rows;
    private long bytes;
    private long batches;
    private long deadRows;
    private String firstBatch = "";
    private String lastBatch = "";
    private long change;

    private Entry(Run run, Unit unit, String location) {
      this.run = run;
      this.unit = unit;
      this.location = location;
      changed();
    }

    private void changed() {
      change = ++changes;
    }
  }
}
