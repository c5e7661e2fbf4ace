package io.waybill.ledger;

import static io.waybill.ledger.Samples.NOON;
import static io.waybill.ledger.Samples.STAMP;
import static io.waybill.ledger.Samples.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Unit;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitsAndRunsTest {
  private static final Stamp LATER = new Stamp(2_000, 1_800_000_000_000_000_001L);
  @TempDir Path home;
  TestLedger store;
  private JdbcLedger ledger;

  TestLedger store() {
    return TestLedger.inFile(home.resolve("data/ledger.db"));
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

  @Test
  void anUnknownSourceHasNoUnit() {
    assertThat(ledger.latestUnit("trips", "a.csv", TABLE)).isEmpty();
    assertThat(ledger.lastRun(7)).isEmpty();
    assertThat(ledger.batches(7)).isEmpty();
  }

  @Test
  void eachNewUnitOfASourceIsTheNextGeneration() {
    Unit first = Samples.unit(ledger, "a.csv");
    Unit second = Samples.unit(ledger, "a.csv");

    assertThat(first.generation()).isZero();
    assertThat(second.generation()).isEqualTo(1);
    assertThat(ledger.latestUnit("trips", "a.csv", TABLE)).contains(second);
  }

  @Test
  void generationsOfOtherTargetsSourcesAndFlowsCountForThemselves() {
    Unit unit = Samples.unit(ledger, "a.csv");
    TableName other = new TableName("staging", "other");
    Unit elsewhere = ledger.newUnit("trips", "a.csv", other, Format.CSV, STAMP);
    Unit byAnother = ledger.newUnit("rides", "a.csv", TABLE, Format.TSV, STAMP);

    assertThat(elsewhere.generation()).isZero();
    assertThat(byAnother.generation()).isZero();
    assertThat(ledger.latestUnit("trips", "a.csv", TABLE)).contains(unit);
    assertThat(ledger.latestUnit("trips", "a.csv", other)).contains(elsewhere);
    assertThat(ledger.latestUnit("rides", "a.csv", TABLE)).contains(byAnother);
  }

  @Test
  void unitsInDoubtAreThoseWithPlannedBatchesWhateverTheirTarget() {
    Unit settled = Samples.unit(ledger, "a.csv");
    Run done = Samples.run(ledger, "r1", settled);
    ledger.plan(Samples.plan(done, settled, 1));
    ledger.commit(Samples.committed(Samples.plan(done, settled, 1)));
    TableName other = new TableName("staging", "other");
    Unit doubtful = ledger.newUnit("trips", "a.csv", other, Format.CSV_WITH_NAMES, STAMP);
    Run open = Samples.run(ledger, "r2", doubtful);
    ledger.plan(Samples.plan(open, doubtful, 1));
    ledger.plan(Samples.plan(open, doubtful, 2));

    assertThat(ledger.unitsInDoubt("trips", "a.csv")).containsExactly(doubtful);
    assertThat(ledger.unitsInDoubt("trips", "b.csv")).isEmpty();
  }

  @Test
  void theLastRunIsTheOneThatBeganLastEvenIfTheClockWasSetBack() {
    Unit unit = Samples.unit(ledger, "a.csv");
    ledger.beginRun("z", unit, "/in/a.csv", STAMP, NOON);
    Run last = ledger.beginRun("a", unit, "/in/a.csv", STAMP, NOON.minusSeconds(60));

    assertThat(ledger.lastRun(unit.id())).contains(last);
  }

  @Test
  void beginningAndEndingARunNoteHowTheUnitLooks() {
    Unit unit = Samples.unit(ledger, "a.csv");
    ledger.beginRun("r1", unit, "/in/a.csv", LATER, NOON);
    assertThat(ledger.latestUnit("trips", "a.csv", TABLE).orElseThrow().stamp()).isEqualTo(LATER);

    ledger.endRun("r1", RunState.COMPLETED, "", "", STAMP, NOON);
    assertThat(ledger.latestUnit("trips", "a.csv", TABLE)).contains(unit);

    ledger.restamp(unit.id(), LATER);
    assertThat(ledger.latestUnit("trips", "a.csv", TABLE).orElseThrow().stamp()).isEqualTo(LATER);
  }

  @Test
  void aHeldRunKeepsReasonAndRemedyUntilItIsResumed() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Samples.run(ledger, "r1", unit);
    ledger.endRun("r1", RunState.HELD, "no table", "make it", STAMP, NOON);
    Run held = ledger.lastRun(unit.id()).orElseThrow();
    assertThat(held)
        .isEqualTo(new Run("r1", "trips", unit.id(), RunState.HELD, "no table", "make it", NOON));

    ledger.resumeRun("r1", LATER, NOON.plusSeconds(9));
    Run resumed = ledger.lastRun(unit.id()).orElseThrow();
    assertThat(resumed.state()).isEqualTo(RunState.RUNNING);
    assertThat(resumed.reason()).isEmpty();
    assertThat(resumed.remedy()).isEmpty();
    assertThat(ledger.latestUnit("trips", "a.csv", TABLE).orElseThrow().stamp()).isEqualTo(LATER);
  }

  @Test
  void aCompleteRunNeitherEndsAgainNorGoesOn() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Samples.run(ledger, "r1", unit);
    ledger.endRun("r1", RunState.COMPLETED, "", "", STAMP, NOON);

    assertThatThrownBy(() -> ledger.resumeRun("r1", STAMP, NOON))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("no unfinished run r1");
    assertThatThrownBy(() -> ledger.endRun("r1", RunState.FAILED, "x", "", STAMP, NOON))
        .isInstanceOf(LedgerException.class);
    assertThatThrownBy(() -> ledger.resumeRun("r2", STAMP, NOON))
        .isInstanceOf(LedgerException.class);
    assertThat(ledger.lastRun(unit.id()).orElseThrow().state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void aRunWithABatchInDoubtCannotBeComplete() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Run run = Samples.run(ledger, "r1", unit);
    ledger.plan(Samples.plan(run, unit, 1));

    assertThatThrownBy(() -> ledger.endRun("r1", RunState.COMPLETED, "", "", LATER, NOON))
        .isInstanceOf(LedgerException.class)
        .hasMessage("run r1 cannot be complete: 1 of its batches are not settled");
    assertThat(ledger.lastRun(unit.id()).orElseThrow().state()).isEqualTo(RunState.RUNNING);
    assertThat(ledger.latestUnit("trips", "a.csv", TABLE)).contains(unit);
  }

  @Test
  void interruptedRunsAreThoseThatSayRunning() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Samples.run(ledger, "r1", unit);
    ledger.endRun("r1", RunState.FAILED, "source changed", "", STAMP, NOON);
    Run second = Samples.run(ledger, "r2", unit);
    Run third = Samples.run(ledger, "r3", Samples.unit(ledger, "b.csv"));
    ledger.close();
    ledger = store.open();

    assertThat(ledger.interruptedRuns()).containsExactly(second, third);
  }

  @Test
  void aRunIdIsUsedOnce() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Samples.run(ledger, "r1", unit);

    assertThatThrownBy(() -> Samples.run(ledger, "r1", unit))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("cannot begin run r1");
    assertThatThrownBy(() -> ledger.restamp(99, STAMP)).isInstanceOf(LedgerException.class);
  }
}
