package io.waybill.cli;

import io.waybill.control.Listings;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.RouteFileRow;
import io.waybill.ledger.RunRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What there was to see at one moment.
 *
 * @param dead rows that are dead letters and wait for somebody, by flow
 */
record TopLook(
    Instant at,
    boolean serving,
    List<FlowRow> flows,
    List<RunRow> runs,
    List<RouteFileRow> files,
    Map<String, Long> dead,
    long auditPending) {
  private static final int RUNS = 200;

  /** Looks now. */
  static TopLook at(Listings listings, Instant now) {
    Map<String, Long> dead = new TreeMap<>();
    listings
        .deadLetterGroups(DeadLetterSelection.WAITING)
        .forEach(group -> dead.merge(group.flow(), group.count(), Long::sum));
    return new TopLook(
        now,
        listings.isServing(),
        listings.flows(),
        listings.runs(Optional.empty(), RUNS),
        listings.routeFiles(),
        dead,
        listings.auditPending());
  }

  /** How much more of something the runs of each flow have than they had before. */
  Map<String, Long> gained(TopLook before, ToLongFunction<RunRow> what) {
    Map<String, Long> then =
        before.runs().stream().collect(Collectors.toMap(RunRow::id, what::applyAsLong));
    Map<String, Long> gained = new TreeMap<>();
    for (RunRow run : runs) {
      boolean known = then.containsKey(run.id()) || !run.started().isBefore(before.at());
      if (known) {
        long more = what.applyAsLong(run) - then.getOrDefault(run.id(), 0L);
        gained.merge(run.flow(), Math.max(0, more), Long::sum);
      }
    }
    return gained;
  }

  /** How long after that one. */
  Duration since(TopLook before) {
    return Duration.between(before.at(), at);
  }

  /** Batches on their way or in doubt, of a flow. */
  long inFlight(String flow) {
    return runs.stream()
        .filter(run -> run.flow().equals(flow))
        .mapToLong(RunRow::inDoubtBatches)
        .sum();
  }
}
