package io.waybill.camel;

import io.waybill.delivery.Failure;
import io.waybill.delivery.Ledger;
import io.waybill.delivery.LedgerException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flows that wait for a person or the server. Each is tried again with a back-off that only a
 * delivery that arrives resets, and goes on by itself when the cause is gone. Thread-safe.
 */
public final class FlowHolds {
  private static final Logger LOG = LoggerFactory.getLogger(FlowHolds.class);
  private static final double JITTER = 0.2;
  private final CamelContext context;
  private final Ledger ledger;
  private final Settings settings;
  private final Clock clock;
  private final ScheduledExecutorService timer;
  private final Map<String, FlowHold> holds = new ConcurrentHashMap<>();
  private final Map<String, Integer> tries = new ConcurrentHashMap<>();
  private final Map<String, Future<?>> looks = new ConcurrentHashMap<>();
  private volatile Probe probe = flow -> Optional.empty();
  private volatile Resumed resumed = flow -> {};
  private volatile HoldListener listener = HoldListener.NONE;

  /** Looks whether the cause of a hold is still there. */
  @FunctionalInterface
  public interface Probe {
    /** The failure that is still there; empty if the flow may go on. */
    Optional<Failure> look(String flow);
  }

  /** Hears that a flow goes on. */
  @FunctionalInterface
  public interface Resumed {
    void resumed(String flow);
  }

  /**
   * How holds are tried again.
   *
   * @param probing whether at all; not when sources are only drained once
   * @param initial first pause
   * @param most longest pause
   */
  public record Settings(boolean probing, Duration initial, Duration most) {}

  public FlowHolds(CamelContext context, Ledger ledger, Settings settings, Clock clock) {
    this.context = context;
    this.ledger = ledger;
    this.settings = settings;
    this.clock = clock;
    this.timer =
        context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "waybill-hold");
  }

  /** Sets what looks for causes and who hears of flows that go on. */
  public void connect(Probe look, Resumed hears) {
    this.probe = look;
    this.resumed = hears;
  }

  /** Sets who hears of each hold. */
  public void listen(HoldListener hears) {
    this.listener = hears;
  }

  /** Holds a flow; the first reason stays until it goes on. */
  public void hold(String flow, Failure failure) {
    FlowHold hold = new FlowHold(flow, failure.summary(), failure.remedy(), clock.instant());
    if (holds.putIfAbsent(flow, hold) == null) {
      LOG.warn("flow {} is held: {}. {}", flow, hold.reason(), hold.remedy());
      write(hold);
      listener.held(hold);
      schedule(flow);
    }
  }

  /** A hold holds although nobody can write it down: the ledger may be its very cause. */
  private void write(FlowHold hold) {
    try {
      ledger.holdFlow(hold.flow(), hold.reason(), hold.remedy(), hold.since());
    } catch (LedgerException e) {
      LOG.warn("flow {}: its hold is not in the ledger: {}", hold.flow(), e.getMessage());
    }
  }

  /** Why this flow waits, if it does. */
  public Optional<FlowHold> of(String flow) {
    return Optional.ofNullable(holds.get(flow));
  }

  /** All flows that wait. */
  public Collection<FlowHold> all() {
    return List.copyOf(holds.values());
  }

  /** Looks at once whether a flow that waits may go on; one that does not wait is released. */
  public void lookNow(String flow) {
    if (holds.containsKey(flow)) {
      timer.execute(() -> look(flow));
    } else {
      ledger.releaseFlow(flow);
    }
  }

  /**
   * Forgets a flow whose route is taken out; its hold in the ledger stays until somebody tells it
   * otherwise.
   */
  public void forget(String flow) {
    holds.remove(flow);
    tries.remove(flow);
    Future<?> next = looks.remove(flow);
    if (next != null) {
      next.cancel(false);
    }
  }

  /** Does something while no flow is let go on. */
  public synchronized void undisturbed(Runnable change) {
    change.run();
  }

  /** Notes that a delivery of this flow arrived. */
  void arrived(String flow) {
    tries.remove(flow);
  }

  private void schedule(String flow) {
    if (!settings.probing()) {
      return;
    }
    int before = tries.merge(flow, 1, Integer::sum) - 1;
    double doubled = (double) settings.initial().toMillis() * Math.pow(2, before);
    double spread = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    double most = (double) settings.most().toMillis();
    long millis = (long) (Math.min(doubled, most) * spread);
    looks.put(flow, timer.schedule(() -> look(flow), millis, TimeUnit.MILLISECONDS));
  }

  private void look(String flow) {
    if (!context.isStarted()) {
      return; // stopping: the hold stays in the ledger
    }
    try {
      if (isReleased(flow)) {
        resumed.resumed(flow);
      }
    } catch (Exception e) {
      LOG.warn("flow {} stays held, it cannot be tried: {}", flow, e.toString());
      schedule(flow);
    }
  }

  private synchronized boolean isReleased(String flow) throws Exception {
    if (!holds.containsKey(flow)) {
      return false; // its route was taken out meanwhile
    }
    Optional<Failure> still = probe.look(flow);
    if (still.isPresent()) {
      note(flow, still.get());
      schedule(flow);
      return false;
    }
    goOn(flow);
    return true;
  }

  private void note(String flow, Failure failure) {
    FlowHold was = holds.get(flow);
    if (!was.reason().equals(failure.summary())) {
      FlowHold now = new FlowHold(flow, failure.summary(), failure.remedy(), was.since());
      holds.put(flow, now);
      write(now);
      listener.held(now);
    }
  }

  private void goOn(String flow) throws Exception {
    ledger.releaseFlow(flow);
    LOG.info("flow {} goes on", flow);
    holds.remove(flow);
    listener.released(flow);
    switch (context.getRouteController().getRouteStatus(flow)) {
      case Suspended -> context.getRouteController().resumeRoute(flow);
      case Stopped -> context.getRouteController().startRoute(flow);
      default -> resumeConsumer(flow);
    }
  }

  /** A consumer that was suspended alone leaves its route started. */
  private void resumeConsumer(String flow) {
    org.apache.camel.support.service.ServiceHelper.resumeService(
        context.getRoute(flow).getConsumer());
  }
}
