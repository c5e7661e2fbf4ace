package io.waybill.app;

import io.waybill.camel.WaitingEndpoint;
import io.waybill.delivery.RunIds;
import io.waybill.ledger.TriggerBook;
import io.waybill.ledger.TriggerKind;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.UpstreamRow;
import io.waybill.schedule.UpstreamSet;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Starts flows when those that they wait for have come to an end. Used by one thread. */
final class Upstreams {
  private final TriggerBook book;
  private final Triggers triggers;
  private final Predicate<String> ready;
  private final Clock clock;
  private final RunIds ids;

  /**
   * Upstreams.
   *
   * @param ready whether a flow runs here and may be started: a set is not taken for one that would
   *     be held
   */
  Upstreams(TriggerBook book, Triggers triggers, Predicate<String> ready, Clock clock) {
    this.book = book;
    this.triggers = triggers;
    this.ready = ready;
    this.clock = clock;
    this.ids = new RunIds(clock);
  }

  /** Notes what a flow waits for. */
  void declare(String flow, Optional<WaitingEndpoint> after) {
    book.declare(
        flow,
        after.map(WaitingEndpoint::upstreams).orElse(Set.of()),
        after.map(WaitingEndpoint::isAnyEnd).orElse(false),
        after.map(WaitingEndpoint::isAll).orElse(true),
        after.map(WaitingEndpoint::getWithin).orElse(java.time.Duration.ZERO));
  }

  /** Starts each flow whose set is full. */
  void look() {
    Map<String, List<UpstreamRow>> byFlow =
        book.upstreams().stream()
            .collect(Collectors.groupingBy(UpstreamRow::flow, TreeMap::new, Collectors.toList()));
    byFlow.forEach(
        (flow, set) -> {
          if (isFull(set) && ready.test(flow)) {
            start(flow, set);
          }
        });
  }

  private boolean isFull(List<UpstreamRow> set) {
    return UpstreamSet.isFull(
        set.stream().map(row -> new UpstreamSet.End(row.isNew(), row.lastEnd())).toList(),
        set.get(0).all(),
        set.get(0).within(),
        clock.instant());
  }

  private void start(String flow, List<UpstreamRow> set) {
    List<UpstreamRow> fresh = set.stream().filter(UpstreamRow::isNew).toList();
    Instant now = clock.instant();
    Instant due =
        fresh.stream().flatMap(row -> row.lastEnd().stream()).max(Instant::compareTo).orElse(now);
    String by =
        fresh.stream()
            .map(row -> row.upstream() + " " + row.cause())
            .collect(Collectors.joining(", "));
    TriggerRow trigger =
        TriggerRow.queued(
            ids.next(), flow, TriggerKind.UPSTREAM, due, Collections.emptySortedMap(), by, now, "");
    if (book.take(set, trigger)) {
      triggers.submit(trigger);
    }
  }
}
