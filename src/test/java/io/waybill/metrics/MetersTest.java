package io.waybill.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.Format;
import io.waybill.batch.Position;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.Failure;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.delivery.Waybill;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was fetched is always what was delivered, what is dead and what is on its way. */
final class MetersTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private final Meters meters = new Meters();
  private final RunMeters runs = new RunMeters(meters);

  @AfterEach
  void close() {
    meters.close();
  }

  private static BatchPlan plan(String id, String parent, List<Long> without, long bytes) {
    InsertShape shape =
        new InsertShape(
            new TableName("db", "t"),
            "uuid",
            List.of("id"),
            Format.CSV,
            Collections.emptySortedMap(),
            1,
            true);
    return new BatchPlan(
        id,
        "trips",
        "run1",
        1,
        "a.csv",
        1,
        new Position(0, 100, 1, 10),
        bytes,
        "digest",
        "token",
        shape,
        NOW,
        parent,
        without);
  }

  private static Waybill settled(BatchPlan plan, BatchState state, long dead) {
    return new Waybill(
        plan, "a.csv", state, dead, 1, 0, "", "", "", "", NOW.plusSeconds(3), Duration.ofMillis(5));
  }

  private double value(String series) {
    return meters
        .text()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  private double rows(String what) {
    return value("waybill_rows_%s_total{flow=\"trips\"}".formatted(what));
  }

  private double bytes(String what) {
    return value("waybill_bytes_%s_total{flow=\"trips\"}".formatted(what));
  }

  @Test
  void aBatchThatIsSentAgainIsFetchedOnce() {
    BatchPlan plan = plan("b1", "", List.of(), 1000);
    for (int pass = 0; pass < 2; pass++) {
      runs.fetched(plan, NOW);
      runs.sending(plan);
      assertThat(value("waybill_batches_in_flight{flow=\"trips\"}")).isEqualTo(1);
      runs.sent(plan);
    }
    assertThat(rows("fetched")).isEqualTo(10);
    assertThat(rows("delivered")).isNaN();
    runs.settled(settled(plan, BatchState.COMMITTED, 0));
    assertThat(rows("delivered")).isEqualTo(10);
    assertThat(bytes("delivered")).isEqualTo(bytes("fetched")).isEqualTo(1000);
    assertThat(value("waybill_batches_in_flight{flow=\"trips\"}")).isZero();
    assertThat(value("waybill_delay_seconds_sum{flow=\"trips\"}")).isEqualTo(3);
  }

  @Test
  void aBatchThatIsPartedAddsUpToWhatWasFetched() {
    BatchPlan whole = plan("b1", "", List.of(), 1000);
    BatchPlan rest = plan("b2", "b1", List.of(3L, 4L), 800);
    runs.fetched(whole, NOW);
    runs.sending(whole);
    runs.settled(settled(whole, BatchState.SPLIT, 2));
    runs.sent(whole);
    runs.sending(rest);
    runs.settled(settled(rest, BatchState.COMMITTED, 0));
    runs.sent(rest);
    assertThat(rows("fetched")).isEqualTo(10).isEqualTo(rows("delivered") + rows("dead"));
    assertThat(rows("dead")).isEqualTo(2);
    assertThat(bytes("fetched")).isEqualTo(1000).isEqualTo(bytes("delivered") + bytes("dead"));
  }

  @Test
  void theRestOfABatchThatAnEarlierProcessPartedIsFetched() {
    BatchPlan rest = plan("b2", "b1", List.of(3L, 4L), 800);
    runs.fetched(rest, NOW);
    runs.sending(rest);
    runs.settled(settled(rest, BatchState.COMMITTED, 0));
    runs.sent(rest);
    assertThat(rows("fetched")).isEqualTo(8).isEqualTo(rows("delivered"));
  }

  @Test
  void attemptsThatAreMadeAgainAreCountedByVerdict() {
    BatchPlan plan = plan("b1", "", List.of(), 1000);
    Failure lost = new Failure(Verdict.UNKNOWN, 0, "CONNECTION_RESET", "lost", "");
    runs.begun(plan, 1).ended(Optional.of(lost));
    runs.begun(plan, 2).ended(Optional.empty());
    assertThat(value("waybill_insert_retries_total{flow=\"trips\",verdict=\"unknown\"}"))
        .isEqualTo(1);
    assertThat(value("waybill_insert_duration_seconds_count{flow=\"trips\",outcome=\"committed\"}"))
        .isEqualTo(1);
  }

  @Test
  void eachMeterComesUnderTheNameThatTheReferenceHas() {
    BatchPlan plan = plan("b1", "", List.of(), 1000);
    runs.fetched(plan, NOW);
    runs.sending(plan);
    runs.begun(plan, 1).ended(Optional.of(new Failure(Verdict.RETRY, 1, "OVERLOADED", "busy", "")));
    runs.settled(settled(plan, BatchState.COMMITTED, 0));
    runs.sent(plan);
    runs.ended(
        new Run("run1", "trips", 1, RunState.RUNNING, "", "", NOW), RunState.COMPLETED, "", "");
    meters.took(Meter.LEDGER_TRANSACTION, Duration.ofMillis(2));
    meters.count(Meter.ALERTS, "held", "sent");
    meters.count(Meter.LINEAGE_EVENTS, "sent");
    StateMeters.Flow flow =
        new StateMeters.Flow(
            "trips",
            true,
            new StateMeters.Spool(1, 2, Duration.ofSeconds(3)),
            OptionalLong.of(4),
            Map.of("topic-0", 5L));
    String text =
        new StateMeters(
                meters,
                runs,
                () ->
                    new StateMeters.State(
                        List.of(flow), OptionalLong.of(6), false, true, 7, Map.of("vault", NOW)))
            .text();
    assertThat(Meter.allSeries())
        .allSatisfy(
            series ->
                assertThat(Pattern.compile("(?m)^" + series + "[{ ]").matcher(text).find())
                    .as(series)
                    .isTrue());
    assertThat(text)
        .contains("waybill_flow_held{flow=\"trips\"} 1.0")
        .contains("waybill_source_lag_records{flow=\"trips\",partition=\"topic-0\"} 5.0")
        .contains("jvm_memory_used_bytes");
    assertThat(text.lines().filter(line -> line.startsWith("# HELP waybill_")))
        .hasSize(Meter.values().length + greatest());
  }

  /** Micrometer tells the greatest value of late as a gauge of its own. */
  private static int greatest() {
    return (int) Meter.allSeries().stream().filter(series -> series.endsWith("_max")).count();
  }

  @Test
  void aFlowThatIsGoneLeavesNoGaugeBehind() {
    StateMeters.Flow flow =
        new StateMeters.Flow(
            "trips", false, StateMeters.Spool.EMPTY, OptionalLong.empty(), Map.of());
    List<List<StateMeters.Flow>> flows = new ArrayList<>(List.of(List.of(flow), List.of()));
    StateMeters state =
        new StateMeters(
            meters,
            runs,
            () ->
                new StateMeters.State(
                    flows.remove(0), OptionalLong.empty(), true, false, 0, Map.of()));
    assertThat(state.text()).contains("waybill_flow_held").contains("waybill_ledger_up 0.0");
    assertThat(state.text()).doesNotContain("waybill_flow_held{");
  }
}
