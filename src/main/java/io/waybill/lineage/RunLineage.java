package io.waybill.lineage;

import io.waybill.delivery.Run;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells of each run that it began and how it ended. What it hears is only put into a queue: no run
 * waits for it, and none fails by it. Thread-safe.
 */
public final class RunLineage implements RunListener {
  private final LineageEvents events;
  private final LineageQueue queue;
  private final Clock clock;
  private final Map<String, RunFacts> runs = new ConcurrentHashMap<>();

  RunLineage(LineageEvents events, LineageQueue queue, Clock clock) {
    this.events = events;
    this.queue = queue;
    this.clock = clock;
  }

  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {
    RunFacts facts = runs.computeIfAbsent(run.id(), id -> new RunFacts(run, unit, location));
    RunFacts.Snapshot now = facts.at(clock.instant());
    queue.offer(() -> events.begun(now));
  }

  @Override
  public void unchanged(Run run, Unit unit, String location) {
    // nothing was moved
  }

  @Override
  public void read(Run run, double fraction) {
    // batches tell what was read
  }

  @Override
  public void settled(Waybill waybill) {
    RunFacts facts = runs.get(waybill.plan().run());
    if (facts != null) {
      facts.settled(waybill);
    }
  }

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {
    RunFacts facts = runs.remove(run.id());
    if (facts != null) {
      RunFacts.Snapshot now = facts.at(clock.instant());
      queue.offer(() -> events.ended(now, state, reason));
    }
  }
}
