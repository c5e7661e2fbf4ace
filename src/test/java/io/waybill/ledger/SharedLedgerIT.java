package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.Claims.Claim;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.Unit;
import io.waybill.testing.CommitCutter;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What several processes and a network between them and the ledger add. */
class SharedLedgerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  @TempDir Path home;
  private TestLedger.InPostgres store;

  @BeforeEach
  void empty() {
    store = (TestLedger.InPostgres) TestLedger.inPostgres(home);
  }

  /** Statements are not prepared, so that each COMMIT goes over the wire in plain text. */
  private JdbcLedger openBy(CommitCutter cutter) {
    String url = store.server().url(cutter.port(), store.schema()) + "&prepareThreshold=0";
    return JdbcLedger.open(TestLedger.InPostgres.place(url, home), Samples.ORIGIN);
  }

  private Process writer() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            LedgerKillIT.Writer.class.getName(),
            store.server().url(store.schema()),
            "1")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private long count(String sql) throws SQLException {
    try (Connection connection = store.connect()) {
      return Sql.number(connection, sql);
    }
  }

  @Test
  void aCommitWhoseAnswerIsLostHasHappened() throws Exception {
    try (CommitCutter cutter = CommitCutter.before(store.server().port());
        JdbcLedger ledger = openBy(cutter)) {
      Unit unit = Samples.unit(ledger, "a.csv");
      Run run = Samples.run(ledger, "r1", unit);
      BatchPlan plan = Samples.plan(run, unit, 1);

      cutter.arm(CommitCutter.Cut.BEFORE_ANSWER);
      ledger.plan(plan);
      assertThat(cutter.hasCut()).isTrue();
      cutter.arm(CommitCutter.Cut.BEFORE_ANSWER);
      assertThat(ledger.nextAttempt(plan)).isEqualTo(2);
      cutter.arm(CommitCutter.Cut.BEFORE_ANSWER);
      ledger.commit(Samples.committed(plan));

      assertThat(cutter.hasCut()).isTrue();
      assertThat(ledger.pending()).as("the run began, one batch").isEqualTo(2);
      assertThat(ledger.batches(unit.id()))
          .extracting(LedgerBatch::state)
          .containsExactly(BatchState.COMMITTED);
      assertThat(ledger.batches(unit.id()).get(0).attempts()).isEqualTo(2);
    }
  }

  @Test
  void aCommitThatNeverArrivedIsAnErrorAndLeavesNothing() throws Exception {
    try (CommitCutter cutter = CommitCutter.before(store.server().port());
        JdbcLedger ledger = openBy(cutter)) {
      Unit unit = Samples.unit(ledger, "a.csv");
      Run run = Samples.run(ledger, "r1", unit);
      BatchPlan plan = Samples.plan(run, unit, 1);

      cutter.arm(CommitCutter.Cut.BEFORE_COMMIT);
      assertThatThrownBy(() -> ledger.plan(plan)).isInstanceOf(LedgerException.class);

      assertThat(cutter.hasCut()).isTrue();
      assertThat(ledger.batches(unit.id())).isEmpty();
      ledger.plan(plan);
      assertThat(ledger.batches(unit.id())).hasSize(1);
    }
  }

  @Test
  void aConnectionIsNotUsedBeforeTheServerPromisesToSync() throws Exception {
    try (Connection connection = PostgresConnector.visiting(store.place()).connect()) {
      assertThat(Sql.first(connection, row -> row.getString(1), "SHOW synchronous_commit"))
          .contains("on");
    }
  }

  @Test
  void manyThatComeAtOnceMakeOneLedger() throws Exception {
    List<Callable<String>> openings = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      openings.add(
          () -> {
            try (JdbcLedger ledger = store.open()) {
              return ledger.id();
            }
          });
    }
    Set<String> ids = new HashSet<>();
    ExecutorService threads = Executors.newFixedThreadPool(openings.size());
    try {
      for (Future<String> id : threads.invokeAll(openings)) {
        ids.add(id.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(ids).hasSize(1);
    assertThat(count("SELECT COUNT(*) FROM schema_version"))
        .as("each version once")
        .isPositive()
        .isEqualTo(count("SELECT MAX(version) FROM schema_version"));
  }

  @Test
  void aNewerLedgerIsRefusedWithBothVersions() throws SQLException {
    store.open().close();
    try (Connection other = store.connect()) {
      Sql.update(other, "INSERT INTO schema_version VALUES (99, 0, '3.2.1')");
    }
    assertThatThrownBy(() -> store.open())
        .isInstanceOf(LedgerException.class)
        .hasMessageContainingAll("written by Waybill 3.2.1 (schema version 99)", "up to 2");
    assertThatThrownBy(() -> store.read())
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("schema version 99");
  }

  @Test
  void aReaderOfAnEmptySchemaSeesNothingAndMakesNothing() throws SQLException {
    try (LedgerReader reader = store.read()) {
      assertThat(reader.flows()).isEmpty();
      assertThat(reader.id()).isEmpty();
    }
    assertThat(count("SELECT COUNT(*) FROM pg_tables WHERE schemaname = '" + store.schema() + "'"))
        .isZero();
  }

  @Test
  void aServerThatIsNotThereIsNamedWithARemedy() {
    assertThatThrownBy(
            () ->
                JdbcLedger.open(
                    TestLedger.InPostgres.place("jdbc:postgresql://127.0.0.1:1/none", home),
                    Samples.ORIGIN))
        .isInstanceOf(LedgerException.class)
        .hasMessageContainingAll("does not answer", "start PostgreSQL");
  }

  @Test
  void runsOfALivingProcessAreNotInterruptedThoseOfAKilledOneAre() throws Exception {
    Process process = writer();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).contains("planned");
      try (JdbcLedger ledger = store.open()) {
        assertThat(ledger.interruptedRuns()).isEmpty();
        assertThat(ledger.others()).hasSize(1);
        process.destroyForcibly().waitFor();

        Awaitility.await().atMost(PATIENCE).until(() -> ledger.others().isEmpty());
        assertThat(ledger.interruptedRuns()).extracting(Run::id).containsExactly("r1");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void oneOfAllHasAClaimUntilItGivesItBack() {
    try (JdbcLedger one = store.open();
        JdbcLedger other = store.open()) {
      Claim claim = one.claims().claim("trips", "topic-0").orElseThrow();
      assertThat(one.claims().shared()).isTrue();
      assertThat(claim.isHeld()).isTrue();
      assertThat(one.claims().claim("trips", "topic-0")).isEmpty();
      assertThat(other.claims().claim("trips", "topic-0")).isEmpty();
      assertThat(other.claims().claim("trips", "topic-1")).isPresent();

      claim.close();
      assertThat(claim.isHeld()).isFalse();
      assertThat(other.claims().claim("trips", "topic-0")).isPresent();
    }
  }

  @Test
  void aClaimIsLostWithItsConnectionAndIsNotHeldAgainByItself() throws Exception {
    try (JdbcLedger one = store.open();
        JdbcLedger other = store.open()) {
      Claim claim = one.claims().claim("trips", "topic-0").orElseThrow();
      long key = AdvisoryKey.of("claim", store.schema() + "/" + one.id(), "trips", "topic-0");
      try (Connection somebody = store.connect()) {
        Sql.list(
            somebody,
            row -> true,
            "SELECT pg_terminate_backend(pid) FROM (" + AdvisoryKey.HOLDERS + ") AS holder",
            AdvisoryKey.high(key),
            AdvisoryKey.low(key));
      }
      Awaitility.await().atMost(PATIENCE).until(() -> !claim.isHeld());
      Optional<Claim> others = other.claims().claim("trips", "topic-0");
      assertThat(others).isPresent();
      assertThat(one.latestUnit("trips", "a.csv", Samples.TABLE)).isEmpty();
      assertThat(claim.isHeld()).isFalse();
      claim.close();
      assertThat(others.get().isHeld()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"COMMITTED", "PLANNED"},
      value = BatchState.class)
  void aBatchThatWasTakenOverIsNotSentAgainByTheOneThatLostIt(BatchState became) {
    try (JdbcLedger one = store.open();
        JdbcLedger other = store.open()) {
      Unit unit = Samples.unit(one, "a.csv");
      Run run = Samples.run(one, "r1", unit);
      BatchPlan plan = Samples.plan(run, unit, 1);
      one.plan(plan);
      other.resumeRun("r1", Samples.STAMP, Samples.NOON);
      if (became == BatchState.PLANNED) {
        other.renew(plan.withToken("another"));
        assertThatThrownBy(() -> one.commit(Samples.committed(plan)))
            .isInstanceOf(LedgerException.class);
      } else {
        other.commit(Samples.committed(plan));
        one.commit(Samples.committed(plan));
      }

      assertThatThrownBy(() -> one.nextAttempt(plan)).isInstanceOf(LedgerException.class);
      assertThat(one.pending())
          .as("the run began and went on, and the batch if it arrived")
          .isEqualTo(became == BatchState.PLANNED ? 2 : 3);
      assertThat(other.batches(unit.id())).extracting(LedgerBatch::state).containsExactly(became);
    }
  }
}
