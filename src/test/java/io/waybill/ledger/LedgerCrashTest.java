package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.AuditOutbox.FrozenAudit;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.Run;
import io.waybill.delivery.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash is a copy of what is on disk, without shared memory, while the ledger is open. */
class LedgerCrashTest {
  @TempDir Path home;
  private JdbcLedger ledger;
  private Unit unit;
  private Run run;

  @BeforeEach
  void open() {
    ledger = JdbcLedger.open(home.resolve("ledger.db"), Samples.ORIGIN);
    unit = Samples.unit(ledger, "a.csv");
    run = Samples.run(ledger, "r1", unit);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private Path crash() throws IOException {
    Path copy = Files.createTempDirectory(home, "crashed").resolve("ledger.db");
    Files.copy(home.resolve("ledger.db"), copy);
    Files.copy(home.resolve("ledger.db-wal"), Path.of(copy + "-wal"));
    return copy;
  }

  @Test
  void whatWasPlannedAndSettledIsThere() throws IOException {
    BatchPlan first = Samples.plan(run, unit, 1);
    ledger.plan(first);
    Path planned = crash();
    ledger.commit(Samples.committed(first));
    Path committed = crash();

    try (JdbcLedger after = JdbcLedger.open(planned, Samples.ORIGIN)) {
      assertThat(after.batches(unit.id()).get(0).plan()).isEqualTo(first);
      assertThat(after.batches(unit.id()).get(0).state()).isEqualTo(BatchState.PLANNED);
      assertThat(after.pending()).as("the run began").isEqualTo(1);
      assertThat(after.interruptedRuns()).containsExactly(run);
    }
    try (JdbcLedger after = JdbcLedger.open(committed, Samples.ORIGIN)) {
      assertThat(after.batches(unit.id()).get(0).state()).isEqualTo(BatchState.COMMITTED);
      assertThat(after.pending()).as("the run began, one batch").isEqualTo(2);
    }
  }

  @Test
  void aReaderSeesIt() throws IOException {
    ledger.plan(Samples.plan(run, unit, 1));

    try (LedgerReader reader = LedgerReader.open(crash())) {
      assertThat(reader.runs(Optional.empty(), 1).get(0).inDoubtBatches()).isEqualTo(1);
    }
  }

  @Test
  void aCrashBetweenFreezingAndSettlingSendsTheSameBytes() throws IOException {
    BatchPlan plan = Samples.plan(run, unit, 1);
    ledger.plan(plan);
    ledger.commit(Samples.committed(plan));
    FrozenAudit frozen = ledger.freeze(Samples.auditShape(), 10, Samples.NOON).orElseThrow();
    Path inFlight = crash();
    ledger.settled(frozen.plan());
    Path settled = crash();

    try (JdbcLedger after = JdbcLedger.open(inFlight, Samples.ORIGIN)) {
      FrozenAudit again = after.frozen().orElseThrow();
      assertThat(again.plan()).isEqualTo(frozen.plan());
      assertThat(again.body().toByteArray()).isEqualTo(frozen.body().toByteArray());
    }
    try (JdbcLedger after = JdbcLedger.open(settled, Samples.ORIGIN)) {
      assertThat(after.frozen()).isEmpty();
      assertThat(after.pending()).isZero();
    }
  }
}
