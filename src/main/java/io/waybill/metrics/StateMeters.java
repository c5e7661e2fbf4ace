package io.waybill.metrics;

import io.waybill.metrics.Meters.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The gauges of how things stand, which are read when somebody asks. Thread-safe. */
public final class StateMeters {
  private final Meters meters;
  private final RunMeters runs;
  private final Supplier<State> state;

  /**
   * How things stand.
   *
   * @param auditPending empty if the ledger cannot be read
   * @param expiries until when credentials are good, by their names
   */
  public record State(
      List<Flow> flows,
      OptionalLong auditPending,
      boolean auditTrouble,
      boolean clickHouse,
      int refusedFiles,
      Map<String, Instant> expiries) {}

  /**
   * How a flow stands.
   *
   * @param waiting what its last poll found and is not taken up yet; empty if it is not polled
   * @param lags records behind, by partition
   */
  public record Flow(
      String name, boolean held, Spool spool, OptionalLong waiting, Map<String, Long> lags) {}

  /**
   * What waits in the spool of a flow.
   *
   * @param age of the oldest file
   */
  public record Spool(int files, long bytes, Duration age) {
    /** Nothing. */
    public static final Spool EMPTY = new Spool(0, 0, Duration.ZERO);
  }

  /**
   * Of this state.
   *
   * @param state tells how things stand now
   */
  public StateMeters(Meters meters, RunMeters runs, Supplier<State> state) {
    this.meters = meters;
    this.runs = runs;
    this.state = state;
  }

  /** Reads everything, and tells all meters in the text format of Prometheus. */
  public synchronized String text() {
    State now = state.get();
    now.flows().forEach(flow -> runs.expect(flow.name()));
    meters.readings(Meter.LEDGER_UP, one(now.auditPending().isPresent()));
    meters.readings(
        Meter.AUDIT_PENDING,
        now.auditPending().stream().mapToObj(pending -> reading(pending)).toList());
    meters.readings(Meter.AUDIT_TROUBLE, one(now.auditTrouble()));
    meters.readings(Meter.CLICKHOUSE_UP, one(now.clickHouse()));
    meters.readings(Meter.ROUTE_FILES_REFUSED, List.of(reading(now.refusedFiles())));
    meters.readings(
        Meter.CREDENTIAL_EXPIRY,
        now.expiries().entrySet().stream()
            .map(each -> reading(each.getValue().getEpochSecond(), each.getKey()))
            .toList());
    flows(now.flows());
    return meters.text();
  }

  private void flows(List<Flow> flows) {
    Map<Meter, List<Reading>> readings = new TreeMap<>();
    for (Meter each :
        List.of(
            Meter.FLOW_HELD,
            Meter.SOURCE_WAITING,
            Meter.SOURCE_LAG,
            Meter.SPOOL_FILES,
            Meter.SPOOL_BYTES,
            Meter.SPOOL_AGE)) {
      readings.put(each, new ArrayList<>());
    }
    for (Flow flow : flows) {
      String name = flow.name();
      readings.get(Meter.FLOW_HELD).add(reading(flow.held() ? 1 : 0, name));
      readings.get(Meter.SPOOL_FILES).add(reading(flow.spool().files(), name));
      readings.get(Meter.SPOOL_BYTES).add(reading(flow.spool().bytes(), name));
      readings.get(Meter.SPOOL_AGE).add(reading(flow.spool().age().toMillis() / 1e3, name));
      flow.waiting()
          .ifPresent(count -> readings.get(Meter.SOURCE_WAITING).add(reading(count, name)));
      flow.lags()
          .forEach(
              (partition, lag) ->
                  readings.get(Meter.SOURCE_LAG).add(reading(lag, name, partition)));
    }
    readings.forEach(meters::readings);
  }

  private static List<Reading> one(boolean yes) {
    return List.of(reading(yes ? 1 : 0));
  }

  private static Reading reading(Number value, String... values) {
    return new Reading(List.of(values), value);
  }
}
