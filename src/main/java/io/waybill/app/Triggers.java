package io.waybill.app;

import io.waybill.camel.Occasion;
import io.waybill.camel.RouteTriggers;
import io.waybill.delivery.Cancellations;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.ledger.TriggerBook;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.TriggerState;
import io.waybill.schedule.FlowPlan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts flows for triggers, those of one flow one after the other, and notes what came of it. A
 * trigger that is written down is seen to, also after a crash. Thread-safe.
 */
final class Triggers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);
  private static final long PATIENCE_SECONDS = 10;
  private final TriggerBook book;
  private final RouteTriggers routes;
  private final Function<String, FlowPlan> plans;
  private final Cancellations cancellations;
  private final Predicate<String> repeatable;
  private final Function<String, Optional<String>> held;
  private final TriggerEnds ends;
  private final Clock clock;
  private final TriggerLanes lanes = new TriggerLanes();
  private final ExecutorService pool =
      Executors.newCachedThreadPool(TriggerTimer.daemons("waybill-trigger"));
  private final TriggerTimer timer = new TriggerTimer();
  private volatile Runnable afterEnd = () -> {};
  private volatile boolean closed;

  /**
   * Triggers of this ledger.
   *
   * @param plans how flows are to be started
   * @param repeatable whether a flow that is started twice delivers nothing twice, since its source
   *     is known again
   * @param held why a flow is held, if it is
   */
  Triggers(
      TriggerBook book,
      RouteTriggers routes,
      Function<String, FlowPlan> plans,
      Cancellations cancellations,
      Predicate<String> repeatable,
      Function<String, Optional<String>> held,
      Alerts alerts,
      Clock clock) {
    this.book = book;
    this.routes = routes;
    this.plans = plans;
    this.cancellations = cancellations;
    this.repeatable = repeatable;
    this.held = held;
    this.ends = new TriggerEnds(book, alerts, clock);
    this.clock = clock;
  }

  /** Sets who hears, on a thread of its own, that a run or a trigger came to an end. */
  void whenEnded(Runnable hears) {
    this.afterEnd = hears;
  }

  /** Sees to a trigger that is written down; one that is seen to already is left alone. */
  void submit(TriggerRow trigger) {
    submit(trigger, 1);
  }

  /**
   * As {@link #submit(TriggerRow)}, for one part of a backfill.
   *
   * @param parallel how many parts may run at the same time
   */
  void submit(TriggerRow trigger, int parallel) {
    if (!closed && lanes.add(trigger, parallel)) {
      watchDeadline(trigger);
      startNext(trigger.flow());
    }
  }

  /** The thread that looks after them. */
  TriggerTimer timer() {
    return timer;
  }

  /** Whether a flow has a trigger that has not ended. */
  boolean isBusy(String flow) {
    return lanes.isBusy(flow);
  }

  /** Whether nothing is on its way. */
  boolean isIdle() {
    return timer.isIdle() && lanes.isIdle();
  }

  private void startNext(String flow) {
    for (TriggerLanes.Running next : lanes.next(flow)) {
      try {
        pool.execute(() -> carryOutAndGoOn(next));
      } catch (RejectedExecutionException e) {
        lanes.done(next); // it was closed meanwhile; the next start sees to it
      }
    }
  }

  private void carryOutAndGoOn(TriggerLanes.Running running) {
    try {
      carryOut(running);
    } finally {
      lanes.done(running);
      startNext(running.trigger().flow());
      tellEnd();
    }
  }

  private void carryOut(TriggerLanes.Running running) {
    TriggerRow trigger = running.trigger();
    try {
      running.begin(Thread.currentThread());
      Optional<String> hold = held.apply(trigger.flow());
      if (hold.isPresent()) {
        running.through();
        ends.end(
            trigger, new TriggerOutcome(TriggerState.HELD, hold.get())); // until the flow goes on
        return;
      }
      book.start(trigger.id(), clock.instant());
      LOG.info("flow {} is started by trigger {}", trigger.flow(), trigger.id());
      watchTimeout(running);
      Occasion occasion = new Occasion(trigger.id(), trigger.due(), trigger.parameters());
      Optional<Throwable> failure = routes.fire(trigger.flow(), occasion);
      running.through();
      settle(running, failure);
    } catch (InterruptedException e) {
      settle(running, Optional.of(e));
    } catch (LedgerException e) {
      LOG.warn("trigger {} stays open: {}", trigger.id(), e.getMessage());
    } catch (RuntimeException e) {
      settle(running, Optional.of(e));
    }
  }

  /** What Waybill's own stop cuts off stays open, and is seen to by the next start. */
  private void settle(TriggerLanes.Running running, Optional<Throwable> failure) {
    TriggerRow trigger = running.trigger();
    if (running.verdict().isEmpty()
        && failure.isPresent()
        && (closed || failure.get() instanceof DeliveryStoppedException)) {
      return;
    }
    try {
      TriggerOutcome outcome =
          running.verdict().orElseGet(() -> TriggerOutcome.of(book.runs(trigger.id()), failure));
      ends.end(trigger, outcome);
    } catch (LedgerException e) {
      LOG.warn("trigger {} stays open: {}", trigger.id(), e.getMessage());
    }
  }

  private void watchTimeout(TriggerLanes.Running running) {
    Duration most = plans.apply(running.trigger().flow()).timeout();
    if (!most.isZero()) {
      String reason = "it took longer than " + TriggerEnds.words(most);
      timer.after(most, () -> stop(running, new TriggerOutcome(TriggerState.TIMED_OUT, reason)));
    }
  }

  private void watchDeadline(TriggerRow trigger) {
    Duration most = plans.apply(trigger.flow()).deadline();
    if (!most.isZero()) {
      Duration wait = Duration.between(clock.instant(), trigger.due().plus(most));
      timer.after(wait, () -> ends.lookWhetherLate(trigger, most));
    }
  }

  /** Stops what runs of a trigger; it ends so. */
  private void stop(TriggerLanes.Running running, TriggerOutcome verdict) {
    if (!running.judge(verdict)) {
      return;
    }
    boolean delivering = book.runs(running.trigger().id()).contains(RunState.RUNNING);
    if (delivering) {
      lanes.runsOf(running).forEach(run -> cancellations.cancel(run, verdict.reason()));
    } else {
      running.interrupt();
    }
  }

  /**
   * Takes a trigger back, or stops what runs of it.
   *
   * @return whether it had not ended
   */
  boolean cancel(TriggerRow trigger, String reason) {
    TriggerOutcome verdict = new TriggerOutcome(TriggerState.CANCELLED, reason);
    Optional<TriggerLanes.Running> running = lanes.running(trigger.id());
    if (running.isPresent()) {
      stop(running.get(), verdict);
      return true;
    }
    lanes.forget(trigger);
    boolean open = book.end(trigger.id(), TriggerState.CANCELLED, reason, clock.instant());
    ends.endBackfill(trigger);
    tellEnd();
    return open;
  }

  /** Cancels whatever runs of a flow or waits for it. */
  void replace(String flow, String reason) {
    lanes.all(flow).forEach(trigger -> cancel(trigger, reason));
  }

  /** A run begins: it may belong to a trigger that is being stopped. */
  void begun(Run run) {
    lanes
        .begun(run.flow(), run.id())
        .ifPresent(verdict -> cancellations.cancel(run.id(), verdict.reason()));
  }

  /** A run ended: a trigger may have waited for it. */
  void ended(Run run) {
    if (!closed) {
      timer.soon(() -> revisit(run.id()));
    }
  }

  private void tellEnd() {
    if (!closed) {
      timer.soon(afterEnd);
    }
  }

  private void revisit(String run) {
    Optional<TriggerRow> trigger = book.ofRun(run);
    if (trigger.isPresent()
        && lanes.running(trigger.get().id()).isEmpty()
        && (trigger.get().state() == TriggerState.HELD
            || trigger.get().state() == TriggerState.RUNNING)) {
      TriggerOutcome outcome = TriggerOutcome.of(book.runs(trigger.get().id()), Optional.empty());
      if (outcome.state() != trigger.get().state()) {
        ends.end(trigger.get(), outcome);
      }
    }
    afterEnd.run();
  }

  /** Sees to the triggers of a flow that a crash or a hold left open; its spool is delivered. */
  void recover(String flow) {
    for (TriggerRow trigger : book.open()) {
      if (trigger.flow().equals(flow) && lanes.running(trigger.id()).isEmpty()) {
        recover(trigger);
      }
    }
  }

  /**
   * A message that was sent into a flow is not sent again when a run of it began: the run goes on
   * by itself, and would be doubled. A source that is known again is simply read again.
   */
  private void recover(TriggerRow trigger) {
    if (book.worstOfParts(trigger.id()).isPresent()) {
      ends.endBackfill(book.partsOf(trigger.id()).get(0));
      return;
    }
    List<RunState> runs = book.runs(trigger.id());
    boolean again = runs.isEmpty() || repeatable.test(trigger.flow());
    if (trigger.state() == TriggerState.QUEUED
        || (again && (runs.isEmpty() || trigger.state() == TriggerState.RUNNING))) {
      submit(trigger);
      return;
    }
    TriggerOutcome outcome = TriggerOutcome.of(runs, Optional.empty());
    if (outcome.state() != trigger.state()) {
      ends.end(
          trigger,
          new TriggerOutcome(
              outcome.state(), "Waybill ended while it ran; this came of the runs it had begun"));
    }
  }

  /** The time. */
  Instant now() {
    return clock.instant();
  }

  /** What runs is cut off by the stop of its flow, and stays open. */
  @Override
  public void close() {
    closed = true;
    timer.close();
    pool.shutdown();
    try {
      if (!pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
