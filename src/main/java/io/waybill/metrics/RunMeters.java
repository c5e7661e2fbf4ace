package io.waybill.metrics;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.Failure;
import io.waybill.delivery.InsertWatch;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Verdict;
import io.waybill.delivery.Waybill;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what is fetched, delivered and refused. A batch is fetched once in a process, so that what
 * was fetched is always what was delivered, what is dead and what is on its way or in doubt.
 * Thread-safe.
 */
public final class RunMeters implements RunListener, InsertWatch {
  private static final String COMMITTED = "committed";
  private final Meters meters;
  private final Map<String, Open> open = new ConcurrentHashMap<>();
  private final Map<String, Long> parted = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();
  private final Map<String, Long> lastCompleted = new ConcurrentHashMap<>();

  /** A batch that is not settled. */
  private static final class Open {
    private final Optional<Instant> changed;
    private volatile long began;

    Open(Optional<Instant> changed) {
      this.changed = changed;
    }
  }

  public RunMeters(Meters meters) {
    this.meters = meters;
  }

  /** Has the meters of a flow at 0, so that their first rise is seen. */
  public void expect(String flow) {
    for (Meter each :
        new Meter[] {
          Meter.ROWS_FETCHED,
          Meter.ROWS_DELIVERED,
          Meter.ROWS_DEAD,
          Meter.BYTES_FETCHED,
          Meter.BYTES_DELIVERED,
          Meter.BYTES_DEAD
        }) {
      meters.add(each, 0, flow);
    }
    for (RunState state : RunState.values()) {
      if (state != RunState.RUNNING) {
        meters.add(Meter.RUNS_ENDED, 0, flow, state.label());
      }
    }
    var unused = inFlight(flow);
  }

  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {
    expect(run.flow());
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
  public void fetched(BatchPlan plan, Instant changed) {
    if (open.putIfAbsent(plan.id(), new Open(Optional.of(changed))) == null) {
      meters.add(Meter.ROWS_FETCHED, plan.rows(), plan.flow());
      meters.add(Meter.BYTES_FETCHED, plan.bytes(), plan.flow());
    }
  }

  @Override
  public void sending(BatchPlan plan) {
    open.computeIfAbsent(plan.id(), rest -> new Open(Optional.empty())).began = System.nanoTime();
    inFlight(plan.flow()).incrementAndGet();
    Long whole = parted.remove(plan.parent());
    if (whole != null) {
      meters.add(Meter.BYTES_DEAD, Math.max(0, whole - plan.bytes()), plan.flow());
    }
  }

  @Override
  public void sent(BatchPlan plan) {
    inFlight(plan.flow()).decrementAndGet();
  }

  private AtomicInteger inFlight(String flow) {
    return inFlight.computeIfAbsent(
        flow,
        each -> {
          AtomicInteger count = new AtomicInteger();
          meters.gauge(Meter.BATCHES_IN_FLIGHT, count::get, each);
          return count;
        });
  }

  @Override
  public void settled(Waybill waybill) {
    BatchPlan plan = waybill.plan();
    Open was = open.remove(plan.id());
    if (was != null) {
      meters.took(
          Meter.BATCH_DURATION, Duration.ofNanos(System.nanoTime() - was.began), plan.flow());
    }
    meters.count(Meter.BATCHES_SETTLED, plan.flow(), waybill.state().label());
    meters.add(Meter.ROWS_DEAD, waybill.deadRows(), plan.flow());
    if (waybill.state() == BatchState.COMMITTED) {
      committed(waybill, was == null ? Optional.empty() : was.changed);
    } else if (waybill.state() == BatchState.SPLIT) {
      parted.put(plan.id(), plan.bytes());
    } else {
      meters.add(Meter.BYTES_DEAD, plan.bytes(), plan.flow());
    }
  }

  private void committed(Waybill waybill, Optional<Instant> changed) {
    BatchPlan plan = waybill.plan();
    meters.add(Meter.ROWS_DELIVERED, plan.rows(), plan.flow());
    meters.add(Meter.BYTES_DELIVERED, plan.bytes(), plan.flow());
    meters.size(Meter.BATCH_ROWS, plan.rows(), plan.flow());
    meters.size(Meter.BATCH_BYTES, plan.bytes(), plan.flow());
    changed
        .map(since -> Duration.between(since, waybill.settledAt()))
        .filter(delay -> !delay.isNegative())
        .ifPresent(delay -> meters.took(Meter.DELAY, delay, plan.flow()));
  }

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {
    meters.count(Meter.RUNS_ENDED, run.flow(), state.label());
    if (state.isComplete()) {
      lastCompleted.put(run.flow(), Instant.now().getEpochSecond());
      meters.gauge(Meter.RUN_LAST_COMPLETED, () -> lastCompleted.get(run.flow()), run.flow());
    }
  }

  @Override
  public InsertWatch.Attempt begun(BatchPlan plan, int attempt) {
    long began = System.nanoTime();
    return failure -> {
      String outcome = failure.map(each -> label(each.verdict())).orElse(COMMITTED);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      meters.took(Meter.INSERT_DURATION, took, plan.flow(), outcome);
      failure
          .map(Failure::verdict)
          .filter(RunMeters::isRetried)
          .ifPresent(verdict -> meters.count(Meter.INSERT_RETRIES, plan.flow(), label(verdict)));
    };
  }

  private static boolean isRetried(Verdict verdict) {
    return switch (verdict) {
      case RETRY, WAIT, UNKNOWN -> true;
      case SETTLED, ISOLATE, HOLD -> false;
    };
  }

  private static String label(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }
}
