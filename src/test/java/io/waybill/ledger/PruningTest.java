package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruningTest {
  private static final Instant LATER = Samples.NOON.plus(Duration.ofDays(100));

  @TempDir Path folder;
  TestLedger store;
  private JdbcLedger ledger;

  TestLedger store() {
    return TestLedger.inFile(folder.resolve("ledger.db"));
  }

  @BeforeEach
  void open() {
    store = store();
    ledger = store.open();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private Run delivered(String id, String source) {
    Unit unit = Samples.unit(ledger, source);
    Run run = Samples.run(ledger, id, unit);
    for (int i = 1; i <= 3; i++) {
      BatchPlan plan = Samples.plan(run, unit, i);
      ledger.plan(plan);
      ledger.renew(plan.withToken("t" + i));
      ledger.commit(Samples.committed(plan.withToken("t" + i)));
    }
    return run;
  }

  private void complete(Run run) {
    ledger.endRun(run.id(), RunState.COMPLETED, "", "", Samples.STAMP, Samples.NOON);
  }

  @Test
  void totalsAndDigestsStay() {
    Run run = delivered("r1", "a.csv");
    complete(run);
    List<LedgerBatch> before = ledger.batches(run.unit());
    RunRow row;
    try (LedgerReader reader = store.read()) {
      row = reader.run("r1");
    }

    assertThat(ledger.prune(LATER)).isEqualTo(3);

    try (LedgerReader reader = store.read()) {
      assertThat(reader.run("r1")).isEqualTo(row);
      assertThat(reader.batches("r1")).isEmpty();
    }
    assertThat(ledger.batches(run.unit()))
        .extracting(batch -> batch.plan().position(), batch -> batch.plan().digest())
        .containsExactlyElementsOf(
            before.stream()
                .map(
                    batch ->
                        org.assertj.core.groups.Tuple.tuple(
                            batch.plan().position(), batch.plan().digest()))
                .toList());
    assertThat(ledger.prune(LATER)).isZero();
  }

  @Test
  void whatIsYoungUnfinishedOrInDoubtStays() {
    Run young = delivered("r1", "a.csv");
    complete(young);
    assertThat(ledger.prune(Samples.NOON)).isZero();
    Run held = delivered("r2", "b.csv");
    ledger.endRun(held.id(), RunState.HELD, "why", "", Samples.STAMP, Samples.NOON);
    Run going = delivered("r3", "c.csv");

    assertThat(ledger.prune(LATER)).isEqualTo(3);

    assertThat(ledger.batches(held.unit())).allMatch(batch -> !batch.plan().id().isEmpty());
    assertThat(ledger.batches(going.unit())).allMatch(batch -> !batch.plan().id().isEmpty());
  }

  @Test
  void deadLettersStayUntilTheyAreSettledAndGoWithTheirBatch() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Run run = Samples.run(ledger, "r1", unit);
    BatchPlan plan = Samples.plan(run, unit, 1);
    ledger.plan(plan);
    BatchPlan rest = Samples.rest(plan, 2, 1);
    ledger.split(Samples.split(plan, 1), rest, Samples.letters(plan).subList(0, 1));
    ledger.commit(Samples.committed(rest));
    ledger.endRun(
        run.id(), RunState.COMPLETED_WITH_DEAD_LETTERS, "", "", Samples.STAMP, Samples.NOON);
    assertThat(ledger.prune(LATER)).isZero();

    ledger
        .replays()
        .discard(List.of(Samples.letters(plan).get(0).id()), "not needed", "me", Samples.NOON);

    assertThat(ledger.prune(LATER)).isEqualTo(2);
    assertThat(ledger.batches(unit.id()))
        .singleElement()
        .satisfies(batch -> assertThat(batch.plan().digest()).isEqualTo(plan.digest()));
    try (LedgerReader reader = store.read()) {
      assertThat(reader.deadLetters("r1")).isEmpty();
      assertThat(reader.runs(Optional.empty(), 10)).hasSize(1);
    }
  }
}
