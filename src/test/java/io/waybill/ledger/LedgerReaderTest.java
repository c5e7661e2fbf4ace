package io.waybill.ledger;

import static io.waybill.ledger.Samples.NOON;
import static io.waybill.ledger.Samples.STAMP;
import static io.waybill.ledger.Samples.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.waybill.batch.Format;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerReaderTest {
  @TempDir Path home;
  TestLedger store;
  private JdbcLedger ledger;
  private LedgerReader reader;

  TestLedger store() {
    return TestLedger.inFile(home.resolve("ledger.db"));
  }

  @BeforeEach
  void open() {
    store = store();
    ledger = store.open();
    reader = store.read();
  }

  @AfterEach
  void close() {
    reader.close();
    ledger.close();
  }

  @Test
  void withoutALedgerEverythingIsEmptyAndNothingIsMade() {
    Path nowhere = home.resolve("data/ledger.db");
    try (LedgerReader empty = LedgerReader.open(nowhere)) {
      assertThat(empty.id()).isEmpty();
      assertThat(empty.flows()).isEmpty();
      assertThat(empty.runs(Optional.empty(), 50)).isEmpty();
      assertThat(empty.batches("r1")).isEmpty();
      assertThat(empty.deadLetters("r1")).isEmpty();
      assertThat(empty.outboxPending()).isZero();
      assertThatThrownBy(() -> empty.run("r")).isInstanceOf(RunNotFoundException.class);
    }
    assertThat(nowhere.getParent()).doesNotExist();
  }

  @Test
  void aRunShowsWhatBecameOfItsBatchesWhileItRuns() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Run run = Samples.run(ledger, "20261123-120000-abc", unit);
    BatchPlan first = Samples.plan(run, unit, 1);
    BatchPlan second = Samples.plan(run, unit, 2);
    BatchPlan third = Samples.plan(run, unit, 3);
    ledger.plan(first);
    ledger.plan(second);
    ledger.plan(third);
    ledger.nextAttempt(second);
    ledger.commit(Samples.committed(first));
    ledger.bury(Samples.dead(second), Samples.letters(second));

    RunRow row = reader.run("20261123-120000-abc");

    assertThat(row)
        .isEqualTo(
            new RunRow(
                "20261123-120000-abc",
                "trips",
                "a.csv",
                0,
                "/in/a.csv",
                TABLE,
                Format.CSV_WITH_NAMES,
                RunState.RUNNING,
                "",
                "",
                NOON,
                Optional.empty(),
                10,
                105,
                1,
                1,
                10,
                1,
                4,
                Optional.of(NOON.plusSeconds(1)),
                Optional.of(NOON.plusSeconds(5)),
                ""));
    assertThat(row.movedFor()).isEqualTo(Duration.ofSeconds(4));
    assertThat(reader.id()).contains(ledger.id());
    assertThat(reader.outboxPending()).as("the run began, two batches").isEqualTo(3);
  }

  @Test
  void batchesAndDeadLettersOfARunAreShown() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Run run = Samples.run(ledger, "r1", unit);
    BatchPlan plan = Samples.plan(run, unit, 1);
    BatchPlan planned = Samples.plan(run, unit, 2);
    ledger.plan(plan);
    ledger.plan(planned);
    ledger.bury(Samples.dead(plan), Samples.letters(plan));

    assertThat(reader.batches("r1"))
        .containsExactly(
            new BatchRow(
                plan.id(),
                "r1",
                1,
                BatchState.DEAD,
                plan.position(),
                10,
                10,
                "",
                105,
                plan.digest(),
                plan.token(),
                1,
                plan.plannedAt(),
                Optional.of(plan.plannedAt().plusSeconds(3)),
                Optional.of(Duration.ofMillis(20)),
                27,
                "CANNOT_PARSE_INPUT",
                "row 3 does not parse",
                "",
                ""),
            new BatchRow(
                planned.id(),
                "r1",
                2,
                BatchState.PLANNED,
                planned.position(),
                10,
                0,
                "",
                105,
                planned.digest(),
                planned.token(),
                1,
                planned.plannedAt(),
                Optional.empty(),
                Optional.empty(),
                0,
                "",
                "",
                "",
                ""));
    assertThat(reader.deadLetters("r1")).hasSize(10);
    assertThat(reader.deadLetters("r1").get(0))
        .isEqualTo(
            new DeadLetterRow(
                plan.id() + "-1",
                plan.id(),
                "r1",
                "trips",
                "a.csv",
                "/in/a.csv",
                "staging.trips",
                "CSVWithNames",
                "trips/r1-00001.csv",
                15,
                10,
                1,
                1,
                10,
                2,
                "id",
                27,
                "CANNOT_PARSE_INPUT",
                "row 3 does not parse",
                "mend it",
                NOON,
                NOON,
                DeadLetterRow.State.STORED,
                Optional.empty(),
                Optional.empty(),
                "",
                ""));
  }

  @Test
  void aBackupCanBeReadAndGoneOnWith() throws SQLException {
    Samples.run(ledger, "r1", Samples.unit(ledger, "a.csv"));
    assumeFalse(store.isShared(), "PostgreSQL has its own backups");
    Path backup = home.resolve("backup.db");
    try (Connection connection = SqliteConnector.reading(home.resolve("ledger.db")).connect()) {
      Sql.update(connection, "VACUUM INTO '" + backup + "'");
    }
    try (LedgerReader restored = LedgerReader.open(backup)) {
      assertThat(restored.run("r1").id()).isEqualTo("r1");
    }
    try (JdbcLedger restored = JdbcLedger.open(backup, Samples.ORIGIN)) {
      assertThat(restored.interruptedRuns()).hasSize(1);
    }
  }

  @Test
  void theNewestRunsComeFirst() {
    Unit unit = Samples.unit(ledger, "a.csv");
    for (int i = 1; i <= 4; i++) {
      Samples.run(ledger, "r" + i, unit);
    }
    Unit other = ledger.newUnit("rides", "x", TABLE, unit.format(), STAMP);
    Samples.run(ledger, "s1", other);

    assertThat(reader.runs(Optional.empty(), 3).stream().map(RunRow::id))
        .containsExactly("s1", "r4", "r3");
    assertThat(reader.runs(Optional.of("trips"), 2).stream().map(RunRow::id))
        .containsExactly("r4", "r3");
    assertThat(reader.runs(Optional.of("unknown"), 2)).isEmpty();
  }

  @Test
  void aRunIsFoundByTheBeginningOfItsId() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Samples.run(ledger, "20261123-a", unit);
    Samples.run(ledger, "20261123-b", unit);
    Samples.run(ledger, "20261123-bb", unit);

    assertThat(reader.run("20261123-a").id()).isEqualTo("20261123-a");
    assertThat(reader.run("20261123-b").id()).isEqualTo("20261123-b");
    assertThatThrownBy(() -> reader.run("2026"))
        .isInstanceOf(RunNotFoundException.class)
        .hasMessage(
            "more than one run has an id that begins with '2026': "
                + "20261123-a, 20261123-b, 20261123-bb; give more of it");
    assertThatThrownBy(() -> reader.run("2027"))
        .isInstanceOf(RunNotFoundException.class)
        .hasMessageContaining("no run has an id that begins with '2027'");
  }

  @Test
  void anEndedRunSaysWhy() {
    Samples.run(ledger, "r1", Samples.unit(ledger, "a.csv"));
    ledger.endRun("r1", RunState.HELD, "no table", "make it", STAMP, NOON.plusSeconds(7));

    RunRow row = reader.run("r1");
    assertThat(row.state()).isEqualTo(RunState.HELD);
    assertThat(row.reason()).isEqualTo("no table");
    assertThat(row.remedy()).isEqualTo("make it");
    assertThat(row.ended()).contains(NOON.plusSeconds(7));
    assertThat(row.movedFor()).isZero();
  }

  @Test
  void aFlowKeepsItsHoldUntilItIsReleased() {
    ledger.registerFlow("trips", TABLE, "routes/trips.camel.yaml");
    ledger.holdFlow("trips", "no table", "make it", NOON);
    ledger.registerFlow("trips", TABLE, "routes/moved.camel.yaml");
    Samples.run(ledger, "r1", Samples.unit(ledger, "a.csv"));

    FlowRow held = reader.flows().get(0);
    assertThat(held.declaredIn()).isEqualTo("routes/moved.camel.yaml");
    assertThat(held.target()).contains(TABLE);
    assertThat(held.hold()).contains(new FlowRow.Hold("no table", "make it", NOON));
    assertThat(held.lastRun().map(RunRow::id)).contains("r1");

    ledger.releaseFlow("trips");
    assertThat(reader.flows().get(0).hold()).isEmpty();
  }

  @Test
  void aHoldOfAFlowThatIsNotRegisteredIsShown() {
    ledger.holdFlow("trips", "no table", "make it", NOON);

    FlowRow flow = reader.flows().get(0);
    assertThat(flow.target()).isEmpty();
    assertThat(flow.hold()).isPresent();
    assertThat(flow.lastRun()).isEmpty();
  }
}
