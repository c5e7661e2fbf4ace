package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.batch.Format;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Triggers, the ends of flows and what waits for them, in the ledger. */
class TriggersTest {
  private static final Instant NOON = Samples.NOON;
  @TempDir Path folder;
  private TestLedger store;
  private JdbcLedger ledger;
  private TriggerBook book;

  TestLedger store() {
    return TestLedger.inFile(folder.resolve("ledger.db"));
  }

  @BeforeEach
  void open() {
    store = store();
    ledger = store.open();
    book = ledger.triggers();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private static TriggerRow row(String id, String flow, TriggerKind kind, Instant due) {
    return TriggerRow.queued(
        id, flow, kind, due, new TreeMap<>(Map.of("day", "2026-01-31")), "ann", NOON, "");
  }

  private void completed(String id, String flow) {
    book.add(List.of(row(id, flow, TriggerKind.MANUAL, NOON)));
    book.start(id, NOON);
    book.end(id, TriggerState.COMPLETED, "", NOON);
  }

  private void run(String id, String flow, RunState state, String trigger) {
    Unit unit = ledger.newUnit(flow, id, Samples.TABLE, Format.CSV_WITH_NAMES, Samples.STAMP);
    Run run = ledger.beginRun(id, unit, "/in/" + id, Samples.STAMP, NOON, trigger);
    ledger.endRun(run.id(), state, "", "", Samples.STAMP, NOON);
  }

  @Test
  void aTriggerIsKeptAsItWasWritten() {
    TriggerRow trigger = row("t1", "a", TriggerKind.MANUAL, NOON.minusSeconds(60));
    assertThat(book.add(List.of(trigger))).isTrue();
    assertThat(book.open()).containsExactly(trigger);
    book.start("t1", NOON.plusSeconds(1));
    assertThat(book.end("t1", TriggerState.FAILED, "why", NOON.plusSeconds(2))).isTrue();
    TriggerRow ended = book.find("t1").orElseThrow();
    assertThat(ended.state()).isEqualTo(TriggerState.FAILED);
    assertThat(ended.reason()).isEqualTo("why");
    assertThat(ended.attempts()).isEqualTo(1);
    assertThat(ended.started()).contains(NOON.plusSeconds(1));
    assertThat(ended.ended()).contains(NOON.plusSeconds(2));
    assertThat(book.open()).isEmpty();
  }

  @Test
  void whatHasEndedStaysAsItIs() {
    completed("t1", "a");
    assertThat(book.end("t1", TriggerState.CANCELLED, "", NOON)).isFalse();
    assertThatThrownBy(() -> book.start("t1", NOON)).isInstanceOf(LedgerException.class);
    assertThat(book.find("t1").orElseThrow().state()).isEqualTo(TriggerState.COMPLETED);
  }

  @Test
  void whatIsHeldMayStillBeCompleted() {
    book.add(List.of(row("t1", "a", TriggerKind.MANUAL, NOON)));
    book.start("t1", NOON);
    book.end("t1", TriggerState.HELD, "no table", NOON);
    assertThat(book.open()).hasSize(1);
    assertThat(book.end("t1", TriggerState.COMPLETED, "", NOON)).isTrue();
  }

  @Test
  void aDueTimeOfAScheduleIsWrittenOnce() {
    assertThat(book.add(List.of(row("t1", "a", TriggerKind.SCHEDULE, NOON)))).isTrue();
    assertThat(book.add(List.of(row("t2", "a", TriggerKind.SCHEDULE, NOON)))).isFalse();
    assertThat(book.add(List.of(row("t3", "b", TriggerKind.SCHEDULE, NOON)))).isTrue();
    assertThat(book.add(List.of(row("t4", "a", TriggerKind.MANUAL, NOON)))).isTrue();
    assertThat(book.open()).extracting(TriggerRow::id).containsExactly("t1", "t3", "t4");
  }

  @Test
  void runsBelongToTheirTrigger() {
    book.add(List.of(row("t1", "a", TriggerKind.MANUAL, NOON)));
    run("r1", "a", RunState.COMPLETED, "t1");
    run("r2", "a", RunState.FAILED, "t1");
    run("r3", "a", RunState.COMPLETED, "");
    assertThat(book.runs("t1")).containsExactlyInAnyOrder(RunState.COMPLETED, RunState.FAILED);
    assertThat(TriggerState.worstOf(book.runs("t1"))).isEqualTo(TriggerState.FAILED);
    assertThat(book.ofRun("r2").map(TriggerRow::id)).contains("t1");
    assertThat(book.ofRun("r3")).isEmpty();
    assertThat(book.runs("")).isEmpty();
    try (LedgerReader reader = store.read()) {
      assertThat(reader.runsOf("t1")).extracting(RunRow::id).containsExactly("r1", "r2");
      assertThat(reader.run("r1").trigger()).isEqualTo("t1");
      assertThat(reader.triggers(Optional.of("a"), 10)).hasSize(1);
      assertThat(reader.triggersLike("t")).hasSize(1);
    }
  }

  @Test
  void aSetIsTakenOnce() {
    book.declare("c", Set.of("a", "b"), false, true, Duration.ZERO);
    completed("t1", "a");
    run("r1", "b", RunState.COMPLETED, "");
    List<UpstreamRow> set = book.upstreams();
    assertThat(set).allMatch(UpstreamRow::isNew);
    assertThat(book.take(set, row("t2", "c", TriggerKind.UPSTREAM, NOON))).isTrue();
    assertThat(book.take(set, row("t3", "c", TriggerKind.UPSTREAM, NOON))).isFalse();
    assertThat(book.upstreams()).noneMatch(UpstreamRow::isNew);
    assertThat(book.open()).extracting(TriggerRow::id).containsExactly("t2");
  }

  @Test
  void theRunsOfATriggerDoNotCountBesideIt() {
    book.declare("c", Set.of("a"), false, true, Duration.ZERO);
    book.add(List.of(row("t1", "a", TriggerKind.MANUAL, NOON)));
    book.start("t1", NOON);
    run("r1", "a", RunState.COMPLETED, "t1");
    assertThat(book.upstreams()).noneMatch(UpstreamRow::isNew);
    book.end("t1", TriggerState.COMPLETED, "", NOON);
    assertThat(book.upstreams()).allMatch(UpstreamRow::isNew);
  }

  @Test
  void whatFailedCountsOnlyWhereAnyEndDoes() {
    book.declare("c", Set.of("a"), false, true, Duration.ZERO);
    book.declare("d", Set.of("a"), true, false, Duration.ofMinutes(5));
    run("r1", "a", RunState.FAILED, "");
    assertThat(book.upstreams()).extracting(UpstreamRow::isNew).containsExactly(false, true);
    assertThat(book.upstreams()).extracting(UpstreamRow::state).containsOnly("failed");
    assertThat(book.upstreams().get(1).within()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void whatWasBeforeSomebodyWaitedForItDoesNotCount() {
    run("r1", "a", RunState.COMPLETED, "");
    book.declare("c", Set.of("a"), false, true, Duration.ZERO);
    assertThat(book.upstreams()).noneMatch(UpstreamRow::isNew);
    run("r2", "a", RunState.COMPLETED, "");
    book.declare("c", Set.of("a"), false, true, Duration.ZERO);
    assertThat(book.upstreams()).allMatch(UpstreamRow::isNew);
    book.declare("c", Set.of(), false, true, Duration.ZERO);
    assertThat(book.upstreams()).isEmpty();
  }

  @Test
  void aPauseIsKept() {
    FlowRow.Pause pause = new FlowRow.Pause("ann", NOON);
    book.pause("a", Optional.of(pause));
    ledger.close();
    ledger = store.open();
    book = ledger.triggers();
    assertThat(book.paused("a")).contains(pause);
    book.pause("a", Optional.empty());
    assertThat(book.paused("a")).isEmpty();
  }

  @Test
  void aScheduleGoesOnWhereItWasUnlessItIsAnotherOne() {
    ledger.registerFlow("a", Samples.TABLE, "routes/a.camel.yaml");
    book.scheduled("a", "@daily UTC", Optional.of(NOON));
    assertThat(book.nextDue("a", "@daily UTC")).contains(NOON);
    assertThat(book.nextDue("a", "@hourly UTC")).isEmpty();
    assertThat(book.nextDue("b", "@daily UTC")).isEmpty();
  }

  @Test
  void aRunIsMarkedUnlessItRunsOrIsInDoubt() {
    run("r1", "a", RunState.FAILED, "");
    book.mark("r1", RunState.COMPLETED, "seen to by hand", NOON);
    try (LedgerReader reader = store.read()) {
      assertThat(reader.run("r1").state()).isEqualTo(RunState.COMPLETED);
      assertThat(reader.run("r1").reason()).isEqualTo("seen to by hand");
    }
    Unit unit = Samples.unit(ledger, "b.csv");
    Run running = Samples.run(ledger, "r2", unit);
    assertThatThrownBy(() -> book.mark("r2", RunState.FAILED, "no", NOON))
        .isInstanceOf(LedgerException.class);
    ledger.plan(Samples.plan(running, unit, 1));
    ledger.endRun("r2", RunState.HELD, "", "", Samples.STAMP, NOON);
    assertThatThrownBy(() -> book.mark("r2", RunState.COMPLETED, "no", NOON))
        .isInstanceOf(LedgerException.class);
    assertThat(ledger.runState("r2")).contains(RunState.HELD);
  }

  @Test
  void oldTriggersArePrunedButTheLastOfEachFlow() {
    completed("t1", "a");
    completed("t2", "a");
    completed("t3", "b");
    book.add(List.of(row("t4", "b", TriggerKind.MANUAL, NOON)));
    var unused = ledger.prune(NOON.plusSeconds(60));
    try (LedgerReader reader = store.read()) {
      assertThat(reader.triggers(Optional.empty(), 10))
          .extracting(TriggerRow::id)
          .containsExactly("t4", "t2");
    }
  }
}
