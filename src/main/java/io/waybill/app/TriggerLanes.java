package io.waybill.app;

import io.waybill.ledger.TriggerRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which triggers of each flow run, and which wait for their turn. Thread-safe. */
final class TriggerLanes {
  private final Map<String, Lane> lanes = new HashMap<>();

  private static final class Lane {
    private final Map<String, Running> running = new LinkedHashMap<>();
    private final Deque<Running> waiting = new ArrayDeque<>();

    boolean has(String trigger) {
      return running.containsKey(trigger)
          || waiting.stream().anyMatch(each -> each.trigger.id().equals(trigger));
    }

    boolean mayStart(Running next) {
      return running.isEmpty()
          || (running.size() < next.parallel
              && !next.trigger.parent().isEmpty()
              && running.values().stream()
                  .allMatch(each -> each.trigger.parent().equals(next.trigger.parent())));
    }
  }

  /** A trigger on its way. Thread-safe. */
  static final class Running {
    private final TriggerRow trigger;
    private final int parallel;
    private final Set<String> runs = new HashSet<>();
    private Thread thread;
    private TriggerOutcome verdict;

    Running(TriggerRow trigger, int parallel) {
      this.trigger = trigger;
      this.parallel = parallel;
    }

    TriggerRow trigger() {
      return trigger;
    }

    synchronized void begin(Thread by) {
      thread = by;
    }

    /** Its flow is through: nothing is to be interrupted any more. */
    synchronized void through() {
      thread = null;
      Thread.interrupted(); // an interrupt that came too late
    }

    synchronized void interrupt() {
      if (thread != null) {
        thread.interrupt();
      }
    }

    /** Decides how it ends; false if it has been decided or is through. */
    synchronized boolean judge(TriggerOutcome outcome) {
      boolean first = verdict == null && thread != null;
      if (first) {
        verdict = outcome;
      }
      return first;
    }

    synchronized Optional<TriggerOutcome> verdict() {
      return Optional.ofNullable(verdict);
    }
  }

  private Lane lane(String flow) {
    return lanes.computeIfAbsent(flow, name -> new Lane());
  }

  /** Lets a trigger wait; false if it waits or runs already. */
  synchronized boolean add(TriggerRow trigger, int parallel) {
    Lane lane = lane(trigger.flow());
    if (lane.has(trigger.id())) {
      return false;
    }
    lane.waiting.add(new Running(trigger, parallel));
    return true;
  }

  /** Those whose turn it is; they run from now on. */
  synchronized List<Running> next(String flow) {
    Lane lane = lane(flow);
    List<Running> next = new ArrayList<>();
    while (!lane.waiting.isEmpty() && lane.mayStart(lane.waiting.peek())) {
      Running running = lane.waiting.poll();
      lane.running.put(running.trigger.id(), running);
      next.add(running);
    }
    return next;
  }

  synchronized void done(Running running) {
    lane(running.trigger.flow()).running.remove(running.trigger.id());
  }

  synchronized void forget(TriggerRow trigger) {
    lane(trigger.flow()).waiting.removeIf(each -> each.trigger.id().equals(trigger.id()));
  }

  synchronized boolean isBusy(String flow) {
    Lane lane = lane(flow);
    return !lane.running.isEmpty() || !lane.waiting.isEmpty();
  }

  synchronized boolean isIdle() {
    return lanes.values().stream()
        .allMatch(lane -> lane.running.isEmpty() && lane.waiting.isEmpty());
  }

  synchronized Optional<Running> running(String trigger) {
    return lanes.values().stream()
        .flatMap(lane -> lane.running.values().stream())
        .filter(each -> each.trigger.id().equals(trigger))
        .findFirst();
  }

  /** Those of a flow that run or wait. */
  synchronized List<TriggerRow> all(String flow) {
    List<TriggerRow> all = new ArrayList<>();
    lane(flow).running.values().forEach(each -> all.add(each.trigger));
    lane(flow).waiting.forEach(each -> all.add(each.trigger));
    return all;
  }

  /** Notes that a run of a flow begins; if that is to end, how. */
  synchronized Optional<TriggerOutcome> begun(String flow, String run) {
    Optional<TriggerOutcome> verdict = Optional.empty();
    for (Running each : lane(flow).running.values()) {
      each.runs.add(run);
      verdict = verdict.or(each::verdict);
    }
    return verdict;
  }

  /** The runs of its flow that began while it ran. */
  synchronized List<String> runsOf(Running running) {
    return List.copyOf(running.runs);
  }
}
