package io.waybill.app;

import io.waybill.delivery.RunIds;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.TriggerBook;
import io.waybill.ledger.TriggerKind;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.TriggerState;
import io.waybill.schedule.Concurrency;
import io.waybill.schedule.Cron;
import io.waybill.schedule.DueTimes;
import io.waybill.schedule.FlowPlan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a trigger for each due time of each schedule, once, whatever process sees it first. Used by
 * one thread.
 */
final class Schedules {
  private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
  private static final String BY = "schedule";
  private final TriggerBook book;
  private final Triggers triggers;
  private final Map<String, FlowPlan> plans;
  private final Predicate<String> here;
  private final Alerts alerts;
  private final Clock clock;
  private final RunIds ids;
  private final Map<String, Optional<Instant>> next = new HashMap<>();

  /**
   * Schedules of these flows.
   *
   * @param here whether a flow is loaded, and delivered by this process
   */
  Schedules(
      TriggerBook book,
      Triggers triggers,
      Map<String, FlowPlan> plans,
      Predicate<String> here,
      Alerts alerts,
      Clock clock) {
    this.book = book;
    this.triggers = triggers;
    this.plans = new TreeMap<>(plans);
    this.plans.values().removeIf(plan -> plan.cron().isEmpty());
    this.here = here;
    this.alerts = alerts;
    this.clock = clock;
    this.ids = new RunIds(clock);
  }

  boolean isEmpty() {
    return plans.isEmpty();
  }

  /** Sees to all that is due. */
  void look() {
    Instant now = clock.instant();
    plans.forEach(
        (flow, plan) -> {
          if (here.test(flow)) {
            look(flow, plan, plan.cron().orElseThrow(), now);
          } else {
            next.remove(flow); // whoever delivers it next reads how far it came
          }
        });
  }

  private void look(String flow, FlowPlan plan, Cron cron, Instant now) {
    Optional<Instant> first = next.get(flow);
    if (first == null) {
      first = first(flow, cron, now);
      note(flow, cron, first);
    }
    if (first.isEmpty() || first.get().isAfter(now)) {
      return;
    }
    DueTimes due = DueTimes.passed(cron, plan.catchUp(), first.get(), now);
    Optional<FlowRow.Pause> pause = book.paused(flow);
    due.missed().ifPresent(last -> missed(flow, last, due.missedCount()));
    for (Instant each : due.start()) {
      if (pause.isPresent()) {
        var unused =
            book.add(List.of(ended(flow, each, TriggerState.SKIPPED, "the flow is paused")));
      } else {
        start(flow, plan, each);
      }
    }
    note(flow, cron, due.next());
  }

  /** A schedule that is as it was goes on where it was left. */
  private Optional<Instant> first(String flow, Cron cron, Instant now) {
    return book.nextDue(flow, cron.toString()).or(() -> cron.next(now));
  }

  private void note(String flow, Cron cron, Optional<Instant> due) {
    book.scheduled(flow, cron.toString(), due);
    next.put(flow, due);
  }

  private void missed(String flow, Instant last, int count) {
    String reason =
        count == 1
            ? "nothing was serving then"
            : "nothing was serving then, nor at %d due times before it".formatted(count - 1);
    TriggerRow row = ended(flow, last, TriggerState.MISSED, reason);
    if (book.add(List.of(row))) {
      LOG.warn("flow {}: due at {}: {}", flow, last, reason);
      alerts.late(flow, "", "due at %s: %s".formatted(last, reason), "./waybill show " + row.id());
    }
  }

  private void start(String flow, FlowPlan plan, Instant due) {
    Concurrency.Step step = plan.concurrency().step(triggers.isBusy(flow));
    if (step == Concurrency.Step.LEAVE_OUT) {
      String reason = "the trigger before it has not ended";
      if (book.add(List.of(ended(flow, due, TriggerState.SKIPPED, reason)))) {
        LOG.warn("flow {}: due at {}: skipped, {}", flow, due, reason);
      }
      return;
    }
    TriggerRow row =
        TriggerRow.queued(
            ids.next(),
            flow,
            TriggerKind.SCHEDULE,
            due,
            Collections.emptySortedMap(),
            BY,
            clock.instant(),
            "");
    if (!book.add(List.of(row))) {
      return; // another process saw it first
    }
    if (step == Concurrency.Step.CANCEL_AND_START) {
      triggers.replace(flow, "the next due time took its place");
    }
    Duration delay = plan.delay(flow, due.getEpochSecond());
    if (delay.isZero()) {
      triggers.submit(row);
    } else {
      triggers.timer().after(delay, () -> triggers.submit(row));
    }
  }

  private TriggerRow ended(String flow, Instant due, TriggerState state, String reason) {
    Instant now = clock.instant();
    return new TriggerRow(
        ids.next(),
        flow,
        TriggerKind.SCHEDULE,
        due,
        Collections.emptySortedMap(),
        BY,
        state,
        reason,
        now,
        Optional.empty(),
        Optional.of(now),
        "",
        0);
  }
}
