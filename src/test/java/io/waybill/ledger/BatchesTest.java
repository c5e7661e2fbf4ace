package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesTest {
  /** Events that tell that the run began. */
  private static final long BEGUN = 1;

  @TempDir Path home;
  TestLedger store;
  private JdbcLedger ledger;
  private Unit unit;
  private Run run;
  private BatchPlan plan;

  TestLedger store() {
    return TestLedger.inFile(home.resolve("ledger.db"));
  }

  @BeforeEach
  void open() {
    store = store();
    ledger = store.open();
    unit = Samples.unit(ledger, "a.csv");
    run = Samples.run(ledger, "r1", unit);
    plan = Samples.plan(run, unit, 1);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void aPlanIsReadBackAsItWasWritten() {
    ledger.plan(plan);

    assertThat(ledger.batches(unit.id()))
        .containsExactly(new LedgerBatch(plan, BatchState.PLANNED, 1, 0, List.of()));
  }

  @Test
  void batchesComeInTheOrderOfTheirPositions() {
    List<BatchPlan> plans = List.of(Samples.plan(run, unit, 2), Samples.plan(run, unit, 3), plan);
    plans.forEach(ledger::plan);

    assertThat(ledger.batches(unit.id()).stream().map(batch -> batch.plan().sequence()))
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void aBatchIsPlannedOnce() {
    ledger.plan(plan);

    assertThatThrownBy(() -> ledger.plan(plan))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("cannot plan batch r1-00001");
    assertThat(ledger.batches(unit.id())).hasSize(1);
  }

  @Test
  void nothingIsPlannedInARunThatDoesNotRunOrIsAnother() {
    Unit other = Samples.unit(ledger, "b.csv");
    assertThatThrownBy(() -> ledger.plan(Samples.plan(run, other, 1)))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("flow trips has no running run r1 over unit " + other.id());

    ledger.endRun("r1", RunState.HELD, "x", "", Samples.STAMP, Samples.NOON);
    assertThatThrownBy(() -> ledger.plan(plan)).isInstanceOf(LedgerException.class);
    assertThat(ledger.batches(unit.id())).isEmpty();
    assertThat(ledger.batches(other.id())).isEmpty();
  }

  @Test
  void attemptsAreCounted() {
    ledger.plan(plan);

    assertThat(ledger.nextAttempt(plan)).isEqualTo(2);
    assertThat(ledger.nextAttempt(plan)).isEqualTo(3);
    assertThat(ledger.batches(unit.id()).get(0).attempts()).isEqualTo(3);
  }

  @Test
  void aCommittedBatchIsNeitherSentNorSettledAgain() {
    ledger.plan(plan);
    ledger.commit(Samples.committed(plan));

    assertThat(ledger.batches(unit.id()).get(0).state()).isEqualTo(BatchState.COMMITTED);
    assertThatThrownBy(() -> ledger.nextAttempt(plan))
        .isInstanceOf(LedgerException.class)
        .hasMessage("batch r1-00001 cannot be sent: it is committed");
    assertThatThrownBy(() -> ledger.commit(Samples.committed(plan)))
        .isInstanceOf(LedgerException.class)
        .hasMessage("batch r1-00001 cannot be settled as committed: it is committed");
    assertThatThrownBy(() -> ledger.bury(Samples.dead(plan), Samples.letters(plan)))
        .isInstanceOf(LedgerException.class);
    assertThat(ledger.pending() - BEGUN).isEqualTo(1);
    assertThat(ledger.batches(unit.id()).get(0).state()).isEqualTo(BatchState.COMMITTED);
  }

  @Test
  void onlyTheBatchThatWasPlannedIsSettled() {
    assertThatThrownBy(() -> ledger.commit(Samples.committed(plan)))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("unknown to the ledger");

    ledger.plan(plan);
    BatchPlan forged =
        new BatchPlan(
            plan.id(),
            plan.flow(),
            plan.run(),
            plan.unit(),
            plan.sourceId(),
            1,
            plan.position(),
            plan.bytes(),
            "another digest",
            plan.token(),
            plan.shape(),
            plan.plannedAt(),
            "",
            List.of());
    assertThatThrownBy(() -> ledger.commit(Samples.committed(forged)))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("planned with other content");
    assertThat(ledger.pending() - BEGUN).isZero();
    assertThat(ledger.batches(unit.id()).get(0).state()).isEqualTo(BatchState.PLANNED);
  }

  @Test
  void buryingWritesStateDeadLetterAndEventOrNothing() {
    ledger.plan(plan);
    ledger.bury(Samples.dead(plan), Samples.letters(plan));
    assertThat(ledger.batches(unit.id()).get(0).state()).isEqualTo(BatchState.DEAD);
    assertThat(ledger.pending() - BEGUN).isEqualTo(1);

    BatchPlan second = Samples.plan(run, unit, 2);
    ledger.plan(second);
    // the letter's id is taken: its insert fails after the batch's state was changed
    assertThatThrownBy(() -> ledger.bury(Samples.dead(second), Samples.letters(plan)))
        .isInstanceOf(LedgerException.class);
    assertThat(ledger.batches(unit.id()).get(1).state()).isEqualTo(BatchState.PLANNED);
    assertThat(ledger.pending() - BEGUN).isEqualTo(1);
  }

  @Test
  void splittingPlansTheRestAndKeepsTheBadRecordsOrDoesNothing() {
    ledger.plan(plan);
    BatchPlan rest = Samples.rest(plan, 2, 3);
    List<DeadLetter> letters = Samples.letters(plan).subList(0, 3);
    ledger.split(Samples.split(plan, 3), rest, letters);

    assertThat(ledger.batches(unit.id()))
        .containsExactly(
            new LedgerBatch(plan, BatchState.SPLIT, 1, 0, List.of()),
            new LedgerBatch(rest, BatchState.PLANNED, 1, 0, List.of()));
    assertThat(rest.rows()).isEqualTo(7);
    assertThat(ledger.pending() - BEGUN).isEqualTo(1);
    assertThatThrownBy(() -> ledger.nextAttempt(plan))
        .hasMessage("batch r1-00001 cannot be sent: it is split");

    BatchPlan third = Samples.plan(run, unit, 3);
    ledger.plan(third);
    // the rest has a number that is taken: it fails after the letters were written
    assertThatThrownBy(
            () ->
                ledger.split(
                    Samples.split(third, 1),
                    Samples.rest(third, 2, 1),
                    Samples.letters(third).subList(0, 1)))
        .isInstanceOf(LedgerException.class);
    assertThat(ledger.batches(unit.id()).get(2).state()).isEqualTo(BatchState.PLANNED);
    assertThat(ledger.pending() - BEGUN).isEqualTo(1);
  }

  @Test
  void aBatchKeepsEveryTokenThatItHad() {
    ledger.plan(plan);
    ledger.renew(plan.withToken("second"));
    ledger.renew(plan.withToken("third"));

    assertThat(ledger.batches(unit.id()))
        .containsExactly(
            new LedgerBatch(
                plan.withToken("third"),
                BatchState.PLANNED,
                1,
                0,
                List.of(plan.token(), "second")));
    assertThatThrownBy(() -> ledger.commit(Samples.committed(plan)))
        .isInstanceOf(LedgerException.class);
    ledger.commit(Samples.committed(plan.withToken("third")));
    assertThatThrownBy(() -> ledger.renew(plan.withToken("fourth")))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("it is committed");
  }

  @Test
  void papersMustFitWhatIsDoneWithThem() {
    ledger.plan(plan);

    assertThatThrownBy(() -> ledger.commit(Samples.dead(plan)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ledger.bury(Samples.committed(plan), Samples.letters(plan)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRunWhoseBatchesAreSettledMayBeComplete() {
    ledger.plan(plan);
    ledger.commit(Samples.committed(plan));
    ledger.endRun("r1", RunState.COMPLETED, "", "", Samples.STAMP, Samples.NOON);

    assertThat(ledger.lastRun(unit.id()).orElseThrow().state()).isEqualTo(RunState.COMPLETED);
  }
}
