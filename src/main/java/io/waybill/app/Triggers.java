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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private static final String SHOW = "./waybill show ";
  private final TriggerBook book;
  private final RouteTriggers routes;
  private final Function<String, FlowPlan> plans;
  private final Cancellations cancellations;
  private final Predicate<String> repeatable;
  private final Function<String, Optional<String>> held;
  private final Alerts alerts;
  private final Clock clock;
  private final TriggerLanes lanes = new TriggerLanes();
  private final ExecutorService pool = Executors.newCachedThreadPool(threads("waybill-trigger"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(threads("waybill-triggers"));
  private final AtomicInteger looking = new AtomicInteger();
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
    this.alerts = alerts;
    this.clock = clock;
  }

  private static ThreadFactory threads(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
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

  /** Does something later, on the thread that looks after triggers. */
  void after(Duration delay, Runnable work) {
    var unused = timer.schedule(guarded(work), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does something again and again, on the thread that looks after triggers. */
  void every(Duration pause, Runnable work) {
    var unused =
        timer.scheduleWithFixedDelay(guarded(work), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (LedgerException e) {
        LOG.warn("triggers cannot be seen to now: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("a trigger was not seen to", e);
      }
    };
  }

  /** Whether a flow has a trigger that has not ended. */
  boolean isBusy(String flow) {
    return lanes.isBusy(flow);
  }

  /** Whether nothing is on its way. */
  boolean isIdle() {
    return looking.get() == 0 && lanes.isIdle();
  }

  private void startNext(String flow) {
    for (TriggerLanes.Running next : lanes.next(flow)) {
      pool.execute(
          () -> {
            try {
              carryOut(next);
            } finally {
              lanes.done(next);
              startNext(flow);
              tellEnd();
            }
          });
    }
  }

  private void carryOut(TriggerLanes.Running running) {
    TriggerRow trigger = running.trigger();
    try {
      running.begin(Thread.currentThread());
      Optional<String> hold = held.apply(trigger.flow());
      if (hold.isPresent()) {
        running.through();
        end(trigger, new TriggerOutcome(TriggerState.HELD, hold.get())); // until the flow goes on
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
      end(trigger, outcome);
    } catch (LedgerException e) {
      LOG.warn("trigger {} stays open: {}", trigger.id(), e.getMessage());
    }
  }

  private void end(TriggerRow trigger, TriggerOutcome outcome) {
    if (!outcome.state().isEnded()) {
      return; // its runs tell when they end
    }
    if (book.end(trigger.id(), outcome.state(), outcome.reason(), clock.instant())) {
      endBackfill(trigger);
      LOG.info(
          "trigger {} of flow {} {}{}",
          trigger.id(),
          trigger.flow(),
          outcome.state().label(),
          outcome.reason().isEmpty() ? "" : ": " + outcome.reason());
      if (outcome.state() == TriggerState.TIMED_OUT) {
        alerts.late(trigger.flow(), "", outcome.reason(), SHOW + trigger.id());
      }
      if (outcome.state() == TriggerState.FAILED && book.runs(trigger.id()).isEmpty()) {
        alerts.failed(trigger.flow(), outcome.reason(), SHOW + trigger.id());
      }
    }
  }

  /** A backfill ends with the last of its parts. */
  private void endBackfill(TriggerRow part) {
    if (!part.parent().isEmpty()) {
      book.worstOfParts(part.parent())
          .filter(TriggerState::isEnded)
          .flatMap(state -> book.find(part.parent()).map(parent -> Map.entry(parent, state)))
          .ifPresent(
              each ->
                  end(each.getKey(), new TriggerOutcome(each.getValue(), "its parts tell why")));
    }
  }

  private void watchTimeout(TriggerLanes.Running running) {
    Duration most = plans.apply(running.trigger().flow()).timeout();
    if (!most.isZero()) {
      var unused =
          timer.schedule(
              guarded(
                  () ->
                      stop(
                          running,
                          new TriggerOutcome(
                              TriggerState.TIMED_OUT, "it took longer than " + words(most)))),
              most.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  private void watchDeadline(TriggerRow trigger) {
    Duration most = plans.apply(trigger.flow()).deadline();
    if (!most.isZero()) {
      long wait = Duration.between(clock.instant(), trigger.due().plus(most)).toMillis();
      var unused =
          timer.schedule(
              guarded(() -> late(trigger, most)), Math.max(0, wait), TimeUnit.MILLISECONDS);
    }
  }

  private void late(TriggerRow trigger, Duration most) {
    boolean complete = book.find(trigger.id()).filter(now -> now.state().isComplete()).isPresent();
    if (!complete) {
      String text = "not complete %s after %s".formatted(words(most), trigger.due());
      LOG.warn("flow {}: trigger {} is late: {}", trigger.flow(), trigger.id(), text);
      alerts.late(trigger.flow(), "", text, SHOW + trigger.id());
    }
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
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
    endBackfill(trigger);
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
      soon(() -> revisit(run.id()));
    }
  }

  private void tellEnd() {
    if (!closed) {
      soon(afterEnd);
    }
  }

  private void soon(Runnable work) {
    looking.incrementAndGet();
    try {
      timer.execute(
          () -> {
            try {
              guarded(work).run();
            } finally {
              looking.decrementAndGet();
            }
          });
    } catch (RejectedExecutionException e) {
      looking.decrementAndGet(); // it was closed meanwhile; the next start looks
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
        end(trigger.get(), outcome);
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
      endBackfill(book.partsOf(trigger.id()).get(0));
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
      end(
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
    timer.shutdownNow();
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
