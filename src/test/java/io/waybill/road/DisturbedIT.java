package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.RunRow;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What else goes wrong around a load: disks, processes that stand still, tables that change. */
final class DisturbedIT {
  private static final String FLOW = "disturbed";
  private static final int ROWS = 200_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void home() {
    home = RoadHome.in(folder);
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .pollDelay(Duration.ZERO)
        .until(condition);
  }

  private String table() {
    return home.database() + "." + FLOW;
  }

  private void flow(String columns, String clause, String options, String text) {
    home.tableBy(FLOW, columns, clause).movingFlow(FLOW, options);
    home.drop(FLOW, "a.csv", text);
  }

  private static String numbered(int rows) {
    return IntStream.range(0, rows)
        .mapToObj(id -> "%d,%s\n".formatted(id, "x".repeat(20)))
        .collect(Collectors.joining("", "id,text\n", ""));
  }

  private void big() {
    flow("id UInt64, text String", "", "batchRows=2000", numbered(ROWS));
  }

  private void assertWhole() {
    assertThat(home.rows(FLOW, "count(), uniqExact(id), sum(id)"))
        .containsExactly("%d\t%d\t%d".formatted(ROWS, ROWS, (long) ROWS * (ROWS - 1) / 2));
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  private long settled() {
    return folder.resolve("data/ledger.db").toFile().exists()
        ? home.batches().stream().filter(batch -> batch.settled().isPresent()).count()
        : 0;
  }

  private static void signal(String name, long pid) {
    try {
      assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
          .isZero();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** No file may grow beyond this many blocks of 512 bytes, as on a disk that is full. */
  private Child limited(int blocks) {
    return Child.command(
        folder,
        List.of("sh", "-c", "ulimit -f %d; exec \"$@\"".formatted(blocks), "sh"),
        List.of(),
        List.of("run", "--once"));
  }

  @ParameterizedTest
  @ValueSource(ints = {3500, 5000})
  void aFullDiskUnderTheLedgerHoldsAndLosesNothing(int blocks) {
    flow("id UInt64, text String", "", "batchRows=100", numbered(ROWS));
    try (Child child = limited(blocks)) {
      assertThat(child.exitCode()).as(child.output()).isIn(2, 3);
    }
    try (Child child = home.child("--once")) {
      assertThat(child.exitCode()).as(child.output()).isZero();
    }
    assertWhole();
  }

  @Test
  void aFullDiskUnderTheDeadLettersHoldsAndLosesNothing() {
    String wide = "y".repeat(4_000_000);
    flow("id UInt64, text String", "", "batchRows=10", "id,text\n1,a\nno," + wide + "\n3,c\n");
    try (Child child = limited(6000)) {
      assertThat(child.exitCode()).as(child.output()).isEqualTo(3);
      assertThat(child.output()).contains("DEAD_LETTERS_UNWRITABLE");
    }
    home.once();
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "3");
    assertThat(home.letters()).extracting(DeadLetterRow::bytes).containsExactly(4_000_004L);
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void ofTwoProcessesOneGetsTheHome() {
    big();
    for (int i = 0; i < 3; i++) {
      try (Child one = home.child("--once");
          Child other = home.child("--once")) {
        List<Integer> codes = new ArrayList<>(List.of(one.exitCode(), other.exitCode()));
        assertThat(codes).as(one.output()).contains(0).isSubsetOf(0, 2);
        if (codes.contains(2)) {
          long winner = codes.get(0) == 0 ? one.pid() : other.pid();
          assertThat(one.output()).contains("process " + winner + " is running flows in");
        }
      }
    }
    assertWhole();
  }

  @Test
  void waybillStandsStillAndGoesOn() {
    big();
    try (Child child = home.child("--once")) {
      for (int i = 1; i <= 3; i++) {
        int until = 10 * i;
        await("settled " + until, () -> !child.isAlive() || settled() >= until);
        signal("STOP", child.pid());
        awaitStandstill();
        signal("CONT", child.pid());
      }
      assertThat(child.exitCode()).as(child.output()).isZero();
    }
    assertWhole();
  }

  /** A signal is there at once, but a thread may be in the middle of a write. */
  private void awaitStandstill() {
    AtomicLong seen = new AtomicLong(-1);
    Awaitility.await("no batch is settled")
        .atMost(PATIENCE)
        .during(Duration.ofMillis(300))
        .until(
            () -> {
              long now = settled();
              return seen.getAndSet(now) == now;
            });
  }

  @Test
  void clickHouseStandsStillBeyondTheTimeOutAndGoesOn() throws InterruptedException {
    big();
    home.set("waybill.clickhouse.socket-timeout", "1s");
    try (Application application = home.start(true)) {
      for (int i = 1; i <= 2; i++) {
        int until = 10 * i;
        await("settled " + until, () -> settled() >= until);
        long pid = TestClickHouse.server().pid();
        signal("STOP", pid);
        try {
          await("an attempt more than batches", () -> attempts() > home.batches().size());
        } finally {
          signal("CONT", pid);
        }
      }
      application.await();
      assertThat(application.holds()).isEmpty();
    }
    home.once();
    assertWhole();
  }

  private long attempts() {
    return home.batches().stream().mapToLong(batch -> batch.attempts()).sum();
  }

  @Test
  void aColumnThatIsAddedInMidRunDoesNotDisturbIt() throws InterruptedException {
    big();
    try (Application application = home.start(true)) {
      await("settled", () -> settled() >= 10);
      TestClickHouse.execute("ALTER TABLE " + table() + " ADD COLUMN more String DEFAULT 'm'");
      application.await();
      assertThat(application.holds()).isEmpty();
    }
    home.once();
    assertWhole();
    assertThat(home.rows(FLOW, "DISTINCT more")).containsExactly("m");
  }

  @Test
  void aColumnThatIsTakenAwayInMidRunHoldsUntilItIsBack() throws InterruptedException {
    big();
    try (Application application = home.start(true)) {
      await("settled", () -> settled() >= 10);
      TestClickHouse.execute("ALTER TABLE " + table() + " RENAME COLUMN text TO gone");
      application.await();
      assertThat(application.holds()).hasSize(1);
    }
    assertThat(home.letters()).isEmpty();
    TestClickHouse.execute("ALTER TABLE " + table() + " RENAME COLUMN gone TO text");
    assertThat(home.once().holds()).isEmpty();
    assertWhole();
  }

  @Test
  void aColumnThatIsRetypedInMidRunMakesNoMillionDeadLetters() throws InterruptedException {
    big();
    try (Application application = home.start(true)) {
      await("settled", () -> settled() >= 10);
      // what is in the table is lost by this ALTER: another column, so that nothing is
      TestClickHouse.execute(
          "ALTER TABLE %s RENAME COLUMN text TO was, ADD COLUMN text UInt8".formatted(table()));
      application.await();
    }
    assertThat(home.letters()).isEmpty();
    RunRow run = home.runs(FLOW).get(0);
    assertThat(run.state().label()).isIn("failed", "held");
    TestClickHouse.execute("ALTER TABLE %s DROP COLUMN text".formatted(table()));
    TestClickHouse.execute("ALTER TABLE %s RENAME COLUMN was TO text".formatted(table()));
    Answer answer = home.order(new Order.Rerun(run.id(), false, false));
    assertThat(answer.outcome()).as(answer.lines().toString()).isEqualTo(Answer.Outcome.DONE);
    home.once();
    assertWhole();
  }

  @Test
  void aTableThatIsTruncatedInMidRunIsMadeWholeByReconciling() throws InterruptedException {
    big();
    try (Application application = home.start(true)) {
      await("settled", () -> settled() >= 10);
      TestClickHouse.execute("TRUNCATE TABLE " + table());
      application.await();
      assertThat(application.holds()).isEmpty();
    }
    assertThat(Long.parseLong(home.rows(FLOW, "count()").get(0))).isLessThan(ROWS);
    String run = home.runs(FLOW).get(0).id();
    Answer answer = home.order(new Order.Reconcile(run, true));
    assertThat(answer.outcome()).as(answer.lines().toString()).isEqualTo(Answer.Outcome.DONE);
    assertThat(home.rows(FLOW, "count(), uniqExact(id), sum(id)"))
        .containsExactly("%d\t%d\t%d".formatted(ROWS, ROWS, (long) ROWS * (ROWS - 1) / 2));
  }

  @Test
  void aTableThatIsDroppedInMidRunHoldsAndTheSourceCanBeDeliveredAfresh()
      throws InterruptedException {
    big();
    try (Application application = home.start(true)) {
      await("settled", () -> settled() >= 10);
      TestClickHouse.execute("DROP TABLE " + table() + " SYNC");
      application.await();
      assertThat(application.holds()).hasSize(1);
    }
    home.table(FLOW, "id UInt64, text String");
    assertThat(home.once().holds()).singleElement().asString().contains("TABLE_REPLACED");
    String run = home.runs(FLOW).get(0).id();
    assertThat(home.order(new Order.Rerun(run, true, false)).outcome())
        .isEqualTo(Answer.Outcome.HELD_OR_FAILED);
    Answer answer = home.order(new Order.Rerun(run, true, true));
    assertThat(answer.outcome()).as(answer.lines().toString()).isEqualTo(Answer.Outcome.DONE);
    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly(ROWS + "\t" + ROWS);
  }

  @Test
  void aViewThatThrowsHoldsAndGetsEveryRowOnceWhenItIsMended() {
    home.set("waybill.retry.max-elapsed", "1s");
    flow("id UInt64, text String", "", "batchRows=1000", numbered(3000));
    TestClickHouse.execute(
        """
        CREATE TABLE %1$s_sum (id UInt64, one UInt8) ENGINE = MergeTree ORDER BY id
        SETTINGS non_replicated_deduplication_window = 10000"""
            .formatted(table()));
    TestClickHouse.execute(
        """
        CREATE MATERIALIZED VIEW %1$s_view TO %1$s_sum AS
        SELECT id, throwIf(id = 1500, 'played by the test') + 1 AS one FROM %1$s"""
            .formatted(table()));
    assertThat(home.once().holds()).hasSize(1);
    assertThat(home.letters()).isEmpty();

    TestClickHouse.execute(
        "ALTER TABLE %1$s_view MODIFY QUERY SELECT id, 1 AS one FROM %1$s".formatted(table()));
    assertThat(home.once().holds()).isEmpty();

    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly("3000\t3000");
    assertThat(home.rows(FLOW + "_sum", "count(), uniqExact(id)")).containsExactly("3000\t3000");
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void moreThanAHundredPartitionsInABatchHoldUntilSomebodyDecides() {
    flow("id UInt64, text String", "PARTITION BY id % 150", "batchRows=3000", numbered(3000));
    RoadHome.Ended ended = home.once();
    assertThat(ended.holds()).singleElement().asString().contains("partitions").contains("max_par");
    assertThat(home.letters()).isEmpty();
    assertThat(home.rows(FLOW, "count()")).containsExactly("0");
    home.movingFlow(FLOW, "batchRows=3000&settings.max_partitions_per_insert_block=200");
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly("3000\t3000");
  }

  @Test
  void aLedgerThatIsLostDoublesNothingInsideTheWindow() throws IOException {
    home.table(FLOW, "id UInt64, text String").flow(FLOW, "batchRows=500");
    home.drop(FLOW, "a.csv", numbered(3000));
    home.once();
    try (var files = Files.list(folder.resolve("data"))) {
      for (Path file :
          files.filter(each -> each.getFileName().toString().startsWith("ledger")).toList()) {
        Files.delete(file);
      }
    }
    home.once();
    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly("3000\t3000");
  }
}
