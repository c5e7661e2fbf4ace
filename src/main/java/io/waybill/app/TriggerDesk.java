package io.waybill.app;

import io.waybill.camel.RouteTriggers;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.delivery.RunIds;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.TriggerBook;
import io.waybill.ledger.TriggerKind;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.TriggerState;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Takes orders to start flows, and to take that back. Thread-safe. */
final class TriggerDesk {
  private static final String NAME = "[A-Za-z][A-Za-z0-9_]{0,60}";
  private static final int MOST_DATES = 10_000;
  private static final long POLL_MILLIS = 50;
  private final Supplier<LedgerReader> readers;
  private final TriggerBook book;
  private final Triggers triggers;
  private final RouteTriggers routes;
  private final FlowGate gate;
  private final boolean waits;
  private final Clock clock;
  private final RunIds ids;

  /**
   * A desk.
   *
   * @param waits whether answers are given when a trigger has ended, since nothing else happens
   */
  TriggerDesk(
      Supplier<LedgerReader> readers,
      TriggerBook book,
      Triggers triggers,
      RouteTriggers routes,
      FlowGate gate,
      boolean waits,
      Clock clock) {
    this.readers = readers;
    this.book = book;
    this.triggers = triggers;
    this.routes = routes;
    this.gate = gate;
    this.waits = waits;
    this.clock = clock;
    this.ids = new RunIds(clock);
  }

  Answer trigger(Order.Trigger order, String by) {
    try {
      Instant due = order.due().isEmpty() ? clock.instant() : Instant.parse(order.due());
      Optional<String> objection = objection(order.flow());
      if (objection.isPresent()) {
        return Answers.refused(objection.get());
      }
      TriggerRow trigger =
          row(order.flow(), TriggerKind.MANUAL, due, parameters(order.parameters()), by, "");
      return begin(List.of(trigger), 1);
    } catch (DateTimeException e) {
      return Answers.refused("due: write a time like 2026-01-31T00:00:00Z");
    } catch (IllegalArgumentException e) {
      return Answers.refused(e.getMessage());
    }
  }

  private Optional<String> objection(String flow) {
    return gate.objection(flow).or(() -> routes.objection(flow));
  }

  private TriggerRow row(
      String flow,
      TriggerKind kind,
      Instant due,
      SortedMap<String, String> parameters,
      String by,
      String parent) {
    return TriggerRow.queued(ids.next(), flow, kind, due, parameters, by, clock.instant(), parent);
  }

  private static SortedMap<String, String> parameters(Map<String, String> given) {
    for (String name : given.keySet()) {
      if (!name.matches(NAME)) {
        throw new IllegalArgumentException(
            "'%s' is no name of a parameter; it has letters, digits and underscores"
                .formatted(name));
      }
    }
    return new TreeMap<>(given);
  }

  /** What is written down is seen to, whatever becomes of this process. */
  private Answer begin(List<TriggerRow> rows, int parallel) {
    var unused = book.add(rows);
    List<TriggerRow> starting = rows.size() == 1 ? rows : rows.subList(1, rows.size());
    if (waits) {
      gate.start(rows.get(0).flow());
    }
    starting.forEach(row -> triggers.submit(row, parallel));
    TriggerRow first = rows.get(0);
    if (!waits) {
      return Answers.done(
          rows.size() == 1
              ? "trigger %s of flow %s is queued".formatted(first.id(), first.flow())
              : "backfill %s of flow %s is queued: %d dates"
                  .formatted(first.id(), first.flow(), starting.size()),
          "./waybill show " + first.id() + " tells how it stands");
    }
    return await(first);
  }

  private Answer await(TriggerRow trigger) {
    try {
      for (; ; ) {
        Optional<TriggerRow> now = book.find(trigger.id());
        boolean over = now.filter(row -> row.state().isEnded()).isPresent();
        if (over || triggers.isIdle()) {
          return answer(book.find(trigger.id()).orElseThrow());
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answers.failed(
          "Waybill was stopped", "the trigger is kept, and goes on with the next");
    }
  }

  private static Answer answer(TriggerRow trigger) {
    String text =
        "trigger %s of flow %s: %s%s"
            .formatted(
                trigger.id(),
                trigger.flow(),
                trigger.state().label(),
                trigger.reason().isEmpty() ? "" : ", " + trigger.reason());
    return new Answer(
        switch (trigger.state()) {
          case COMPLETED -> Answer.Outcome.DONE;
          case COMPLETED_WITH_DEAD_LETTERS -> Answer.Outcome.DEAD_LETTERS;
          case QUEUED, RUNNING, FAILED, HELD, SKIPPED, MISSED, CANCELLED, TIMED_OUT ->
              Answer.Outcome.HELD_OR_FAILED;
        },
        List.of(text));
  }

  Answer backfill(Order.Backfill order, String by) {
    try {
      Optional<String> objection = objection(order.flow());
      if (objection.isPresent()) {
        return Answers.refused(objection.get());
      }
      if (routes.isPolled(order.flow()) && order.parallel() > 1) {
        return Answers.refused(
            "flow %s is polled, and is started for one date at a time; leave --parallel out"
                .formatted(order.flow()));
      }
      List<Instant> dates = dates(order);
      SortedMap<String, String> given = parameters(order.parameters());
      TriggerRow parent = row(order.flow(), TriggerKind.BACKFILL, dates.get(0), given, by, "");
      List<TriggerRow> rows = new ArrayList<>(List.of(parent));
      for (Instant date : dates) {
        SortedMap<String, String> parameters = new TreeMap<>(given);
        parameters.put("day", DateTimeFormatter.ISO_LOCAL_DATE.format(date.atZone(ZoneOffset.UTC)));
        rows.add(row(order.flow(), TriggerKind.BACKFILL, date, parameters, by, parent.id()));
      }
      return begin(rows, order.parallel());
    } catch (IllegalArgumentException e) {
      return Answers.refused(e.getMessage());
    }
  }

  private static List<Instant> dates(Order.Backfill order) {
    Instant from = time("from", order.from());
    Instant to = time("to", order.to());
    Duration every = Durations.parse(order.every());
    if (every.isZero() || !from.isBefore(to) || order.parallel() < 1) {
      throw new IllegalArgumentException(
          "from must be before to, every more than nothing, parallel at least 1");
    }
    List<Instant> dates = new ArrayList<>();
    for (Instant date = from; date.isBefore(to); date = date.plus(every)) {
      if (dates.size() == MOST_DATES) {
        throw new IllegalArgumentException(
            "more than %d dates; order them in parts".formatted(MOST_DATES));
      }
      dates.add(date);
    }
    return dates;
  }

  private static Instant time(String name, String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          name + ": write a date like 2026-01-31 or a time like 2026-01-31T06:00:00Z", e);
    }
  }

  Answer cancel(Order.CancelTrigger order, String by) {
    List<TriggerRow> found;
    List<TriggerRow> parts;
    try (LedgerReader reader = readers.get()) {
      found = reader.triggersLike(order.trigger());
      parts = found.size() == 1 ? reader.childrenOf(found.get(0).id()) : List.of();
    }
    if (found.size() != 1) {
      return Answers.refused(
          "%s trigger has an id that begins with '%s'"
              .formatted(found.isEmpty() ? "no" : "more than one", order.trigger()));
    }
    int cancelled = 0;
    // what waits is taken back before what it waits for ends
    List<TriggerRow> all = new ArrayList<>(parts);
    java.util.Collections.reverse(all);
    all.add(found.get(0));
    for (TriggerRow each : all) {
      boolean open = !each.state().isEnded() || each.state() == TriggerState.HELD;
      if (open && triggers.cancel(each, "cancelled by " + by)) {
        cancelled++;
      }
    }
    return cancelled == 0
        ? Answers.refused("trigger " + found.get(0).id() + " is " + found.get(0).state().label())
        : Answers.done("trigger " + found.get(0).id() + " is cancelled");
  }
}
