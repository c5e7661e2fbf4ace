package io.waybill.ledger;

import static io.waybill.ledger.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.AuditReport;
import io.waybill.audit.ChainEntry;
import io.waybill.audit.Finding;
import io.waybill.audit.TrailVerifier;
import io.waybill.audit.TrustedKeys;
import io.waybill.delivery.AuditOutbox.FrozenAudit;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trail in the ledger: one chain, whatever happens to the ledger. */
class AuditTrailTest {
  @TempDir Path home;
  private TestLedger store;
  private JdbcLedger ledger;

  TestLedger store() {
    return TestLedger.inFile(home.resolve("ledger.db"));
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

  private static AuditEvent order(int number) {
    return AuditEvent.of(AuditKind.ORDER, NOON.plusSeconds(number))
        .with(AuditField.ACTION, "pause")
        .with(AuditField.FLOW, "flow " + number)
        .with(AuditField.ORDERED_BY, number % 2 == 0 ? "anna" : "berta")
        .build();
  }

  private void note(int from, int to) {
    for (int i = from; i <= to; i++) {
      ledger.note(order(i));
    }
  }

  private void carry() {
    Optional<FrozenAudit> next =
        ledger.frozen().or(() -> ledger.freeze(Samples.auditShape(), 1_000, NOON));
    while (next.isPresent()) {
      ledger.settled(next.get().plan());
      next = ledger.freeze(Samples.auditShape(), 1_000, NOON);
    }
  }

  private AuditReport verify() {
    try (LedgerReader reader = store.read()) {
      List<TrailChain> chains = reader.chains();
      TrailVerifier verifier = new TrailVerifier(ledger.id(), TrustedKeys.none());
      for (TrailChain chain : chains) {
        verifier.markBegin(chain.last().epoch(), chain.from());
        verifier.mark(chain.last(), "the ledger's own count", true);
      }
      reader.trail(
          TrailVerifier.MARKING, row -> ChainEntry.parse(row.line()).ifPresent(verifier::mark));
      reader.trail(
          List.of(),
          row ->
              ChainEntry.parse(row.line())
                  .ifPresentOrElse(verifier::entry, () -> verifier.unreadable("row " + row.seq())));
      return verifier.end();
    }
  }

  private void assertWhole() {
    AuditReport report = verify();
    assertThat(report.isWhole()).as(report.findings().toString()).isTrue();
  }

  private void tamper(String sql, Object... values) throws SQLException {
    try (Connection other = store.connect()) {
      assertThat(Sql.update(other, sql, values)).isPositive();
    }
  }

  private Finding onlyFinding() {
    AuditReport report = verify();
    assertThat(report.findings()).hasSize(1);
    return report.findings().get(0);
  }

  @Test
  void runsBatchesAndOrdersAreOneChain() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Run run = Samples.run(ledger, "r1", unit);
    BatchPlan plan = Samples.plan(run, unit, 1);
    ledger.plan(plan);
    ledger.commit(Samples.committed(plan));
    ledger.endRun("r1", RunState.HELD, "why", "mend it", Samples.STAMP, NOON.plusSeconds(9));
    ledger.note(order(1));
    ledger.resumeRun("r1", Samples.STAMP, NOON.plusSeconds(10));
    ledger.endRun("r1", RunState.COMPLETED, "", "", Samples.STAMP, NOON.plusSeconds(11));

    try (LedgerReader reader = store.read()) {
      List<String> told = new ArrayList<>();
      reader.trail(
          List.of(),
          row -> {
            ChainEntry entry = ChainEntry.parse(row.line()).orElseThrow();
            told.add(
                String.join(
                    " ",
                    row.kind(),
                    entry.text(AuditField.ACTION),
                    entry.text(AuditField.OUTCOME),
                    Long.toString(entry.number(AuditField.ROWS))));
          });
      assertThat(told)
          .containsExactly(
              "run begin running 0",
              "batch  committed 10",
              "run end held 10",
              "order pause  0",
              "run resume running 10",
              "run end completed 10");
    }
    assertWhole();
  }

  @Test
  void eventsAreListedByWhatTheySayTheNewestFirst() {
    note(1, 9);
    try (LedgerReader reader = store.read()) {
      AuditSelection annas =
          new AuditSelection(
              List.of("order"),
              Optional.empty(),
              Optional.empty(),
              Optional.of("anna"),
              Optional.empty(),
              Optional.of(NOON.plusSeconds(2)),
              Optional.of(NOON.plusSeconds(8)),
              Optional.empty());
      assertThat(reader.audit(annas, 2)).extracting(AuditRow::seq).containsExactly(6L, 4L);
      assertThat(reader.audit(annas.olderThan(new AuditSelection.Cursor(1, 4)), 2))
          .extracting(AuditRow::seq)
          .containsExactly(2L);
      assertThat(reader.audit(AuditSelection.ALL, 3))
          .extracting(AuditRow::seq)
          .containsExactly(9L, 8L, 7L);
    }
  }

  @Test
  void whatIsSentStaysInTheLedger() {
    note(1, 5);
    assertThat(ledger.pending()).isEqualTo(5);
    carry();
    assertThat(ledger.pending()).isZero();
    assertWhole();
    assertThat(verify().chains()).singleElement().matches(chain -> chain.events() == 5);
  }

  @Test
  void aRowThatIsChangedIsNamed() throws SQLException {
    note(1, 9);
    tamper("UPDATE audit_event SET event = replace(event, 'flow 4', 'flow 5') WHERE seq = 4");
    assertThat(onlyFinding())
        .matches(found -> found.fault() == Finding.Fault.CHANGED && found.from() == 4)
        .matches(found -> found.kind().equals("order"));
  }

  @Test
  void aRowThatIsRemovedIsNamed() throws SQLException {
    note(1, 9);
    tamper("DELETE FROM audit_event WHERE seq = 4");
    assertThat(onlyFinding())
        .matches(found -> found.fault() == Finding.Fault.REMOVED && found.from() == 4);
  }

  @Test
  void rowsThatChangedPlacesAreNamed() throws SQLException {
    note(1, 9);
    tamper("UPDATE audit_event SET seq = 100 WHERE seq = 4");
    tamper("UPDATE audit_event SET seq = 4 WHERE seq = 5");
    tamper("UPDATE audit_event SET seq = 5 WHERE seq = 100");
    assertThat(onlyFinding())
        .matches(found -> found.fault() == Finding.Fault.REORDERED && found.from() == 4);
  }

  @Test
  void aRowThatIsPutInIsNamed() throws SQLException {
    note(1, 9);
    tamper(
        """
        INSERT INTO audit_event (epoch, seq, kind, noted_at, event)
        SELECT epoch, 10, kind, noted_at, event FROM audit_event WHERE seq = 4""");
    assertThat(onlyFinding())
        .matches(found -> found.fault() == Finding.Fault.INSERTED && found.from() == 4);
  }

  @Test
  void aTailThatIsCutOffIsNamed() throws SQLException {
    note(1, 9);
    tamper("DELETE FROM audit_event WHERE seq > 6");
    assertThat(onlyFinding())
        .matches(found -> found.fault() == Finding.Fault.TRUNCATED)
        .matches(found -> found.from() == 7 && found.to() == 9);
  }

  @Test
  void eventsThatAreGoneAreNotLeftOutOfWhatIsSent() throws SQLException {
    note(1, 9);
    tamper("DELETE FROM audit_event WHERE seq = 4");
    assertThatThrownBy(() -> ledger.freeze(Samples.auditShape(), 100, NOON))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("audit event 4 of epoch 1 is gone");
  }

  @Test
  void aNewEpochGoesOnFromTheOneBefore() {
    note(1, 3);
    carry();
    note(4, 6);
    ledger.adopt(2, 4, "anna", NOON);
    ledger.close();
    ledger = store.open();
    assertThat(ledger.pending()).as("5, 6 and that it was adopted").isEqualTo(3);
    note(7, 8);

    List<String> sent = new ArrayList<>();
    while (ledger.pending() > 0) {
      FrozenAudit audit = ledger.freeze(Samples.auditShape(), 100, NOON).orElseThrow();
      sent.add(audit.plan().id().substring("audit-12345678-".length()));
      ledger.settled(audit.plan());
    }

    assertThat(sent).containsExactly("1-5-6", "2-1-3");
    assertWhole();
    assertThat(verify().chains()).hasSize(2);
  }

  @Test
  void aBatchThatAnotherCopyOfTheLedgerCarriedIsNotSentAgain() {
    note(1, 3);
    ledger.freeze(Samples.auditShape(), 100, NOON);
    ledger.adopt(2, 3, "anna", NOON);
    ledger.close();
    ledger = store.open();
    assertThat(ledger.frozen()).isEmpty();
    assertThat(ledger.pending()).isEqualTo(1);
  }

  @Test
  void theLastEventOfAnEpochThatWasLeftCannotBeChanged() throws SQLException {
    note(1, 3);
    ledger.adopt(2, 0, "anna", NOON);
    tamper("UPDATE audit_event SET event = replace(event, 'flow 3', 'flow 9') WHERE epoch = 1");
    assertThat(onlyFinding()).matches(found -> found.epoch() == 1 && found.from() == 3);
  }

  @Test
  void retentionTakesContentByKindAndThenTheBeginningOfTheChain() {
    Unit unit = Samples.unit(ledger, "a.csv");
    Samples.run(ledger, "r1", unit);
    note(1, 9);
    carry();
    note(10, 12);

    long orders =
        ledger
            .trail()
            .prune(
                Map.of("order", NOON.plusSeconds(100)),
                NOON.minusSeconds(1),
                NOON.plus(Duration.ofDays(1)));

    assertThat(orders).as("those that ClickHouse has").isEqualTo(9);
    assertWhole();
    assertThat(verify().chains().get(0).pruned()).isEqualTo(9);
    try (LedgerReader reader = store.read()) {
      assertThat(reader.audit(AuditSelection.ALL, 100))
          .noneMatch(row -> row.line().contains("flow 3"))
          .anyMatch(row -> row.line().contains("flow 12"));
    }

    carry();
    assertThat(ledger.trail().prune(Map.of(), NOON.plusSeconds(100), NOON.plus(Duration.ofDays(2))))
        .isEqualTo(4);
    assertWhole();
    AuditReport.Chain chain = verify().chains().get(0);
    assertThat(chain.from()).as("what is left is the retention").isEqualTo(14);
    note(13, 14);
    assertWhole();
  }

  @Test
  void whatRetentionDidNotTakeIsMissed() throws SQLException {
    note(1, 9);
    carry();
    ledger.trail().prune(Map.of(), NOON.plusSeconds(5), NOON.plus(Duration.ofDays(1)));
    assertThat(verify().chains().get(0).from()).isEqualTo(5);
    tamper("DELETE FROM audit_event WHERE seq = 5");
    assertThat(onlyFinding())
        .matches(found -> found.fault() == Finding.Fault.REMOVED && found.from() == 5);
  }

  @Test
  void writersThatTakeTurnsMakeOneChain() {
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      writers.add(CompletableFuture.runAsync(() -> note(1, 25)));
    }
    writers.forEach(CompletableFuture::join);
    assertThat(ledger.identity().seq()).isEqualTo(100);
    assertWhole();
  }
}
