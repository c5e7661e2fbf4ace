package io.waybill.app;

import io.waybill.control.Serving.Slice;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.Waybill;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What each flow delivered in slices of time, for as long as charts show it. Thread-safe. */
final class Throughput {
  private static final int SECONDS = 10;
  private static final Duration KEPT = Duration.ofMinutes(30);
  private final Clock clock;
  private final TreeMap<Long, Map<String, Slice>> slices = new TreeMap<>();

  Throughput(Clock clock) {
    this.clock = clock;
  }

  synchronized void settled(String flow, Waybill waybill) {
    long slice = clock.instant().getEpochSecond() / SECONDS;
    forget(slice);
    boolean split = waybill.state() == BatchState.SPLIT; // another batch takes its place
    boolean committed = waybill.state() == BatchState.COMMITTED;
    slices
        .computeIfAbsent(slice, any -> new TreeMap<>())
        .merge(
            flow,
            new Slice(
                flow,
                Instant.ofEpochSecond(slice * SECONDS),
                SECONDS,
                committed ? waybill.plan().rows() : 0,
                split ? 0 : waybill.plan().bytes(),
                split ? 0 : 1,
                waybill.deadRows()),
            Throughput::sum);
  }

  private static Slice sum(Slice one, Slice other) {
    return new Slice(
        one.flow(),
        one.from(),
        one.seconds(),
        one.rows() + other.rows(),
        one.bytes() + other.bytes(),
        one.batches() + other.batches(),
        one.deadRows() + other.deadRows());
  }

  private void forget(long now) {
    slices.headMap(now - KEPT.toSeconds() / SECONDS).clear();
  }

  /** The slices in which something was delivered, the oldest first. */
  synchronized List<Slice> slices() {
    forget(clock.instant().getEpochSecond() / SECONDS);
    List<Slice> all = new ArrayList<>();
    slices.values().forEach(each -> all.addAll(each.values()));
    return all;
  }
}
