package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.ledger.BatchRow;
import io.waybill.testing.TestClickHouse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Waybill is killed when ClickHouse had answered and the ledger did not know yet; what is found in
 * the table afterwards is what a crash of ClickHouse may have left.
 */
final class DoubtIT {
  private static final String FLOW = "doubted";
  private static final int ROWS = 30;
  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void home() {
    home = RoadHome.in(folder);
  }

  /** One batch of 30 rows that arrived, and a ledger in which it is planned. */
  private void leaveInDoubt(String clause) {
    home.tableBy(FLOW, "id UInt64, text String", clause);
    leaveInDoubt();
  }

  private void leaveInDoubt() {
    home.movingFlow(FLOW, "");
    home.drop(
        FLOW,
        "a.csv",
        IntStream.range(0, ROWS)
            .mapToObj(id -> id + ",x\n")
            .collect(Collectors.joining("", "id,text\n", "")));
    kill("SENT");
    assertThat(home.rows(FLOW, "count()")).containsExactly(Integer.toString(ROWS));
  }

  private void kill(String step) {
    try (Child child =
        Child.command(
            folder,
            List.of(),
            List.of("-Dwaybill.test.kill=" + step + ":1"),
            List.of("run", "--once"))) {
      assertThat(child.exitCode()).as(child.output()).isEqualTo(137);
    }
  }

  private void delete(String where) {
    TestClickHouse.execute(
        "ALTER TABLE %s.%s DELETE WHERE %s SETTINGS mutations_sync = 2"
            .formatted(home.database(), FLOW, where));
  }

  private void assertOnce() {
    assertThat(home.rows(FLOW, "count(), uniqExact(id), sum(id)"))
        .containsExactly("%d\t%d\t%d".formatted(ROWS, ROWS, ROWS * (ROWS - 1) / 2));
    assertThat(home.states(FLOW)).containsExactly("completed");
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  private long inserts() {
    TestClickHouse.execute("SYSTEM FLUSH LOGS query_log");
    return Long.parseLong(
        TestClickHouse.query(
            "SELECT count() FROM system.query_log WHERE type = 'QueryFinish' AND query_id = '%s'"
                .formatted(home.batches().get(0).id())));
  }

  @Test
  void whatIsThereIsNotSentAgain() {
    leaveInDoubt("");
    assertThat(home.once().holds()).isEmpty();
    assertOnce();
    assertThat(inserts()).isOne();
  }

  /** As if the clock had been set forth, or back, before Waybill was started again. */
  @ParameterizedTest
  @CsvSource({"-30, false", "-30, true", "2, false", "2, true"})
  void aClockThatJumpedNeitherLosesNorDoubles(int days, boolean lost) throws SQLException {
    leaveInDoubt("");
    if (lost) {
      delete("1");
    }
    String url = "jdbc:sqlite:" + folder.resolve("data/ledger.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      String moved =
          "UPDATE batch SET planned_at = planned_at + %d".formatted(TimeUnit.DAYS.toMicros(days));
      assertThat(statement.executeUpdate(moved)).isOne();
    }
    assertThat(home.once().holds()).isEmpty();
    assertOnce();
  }

  @Test
  void aTokenThatIsRememberedWithoutItsRowsGetsAnother() {
    leaveInDoubt("");
    String token = home.batches().get(0).token();
    delete("1");

    assertThat(home.once().holds()).isEmpty();

    assertOnce();
    BatchRow batch = home.batches().get(0);
    assertThat(batch.token()).isNotEqualTo(token);
    assertThat(home.rows(FLOW, "DISTINCT _waybill_batch")).containsExactly(batch.token());
  }

  @Test
  void aBatchOfWhichAPartIsThereIsHeldAndItsRemedyMakesItWhole() {
    leaveInDoubt("PARTITION BY id % 3");
    delete("id % 3 = 1");

    List<String> holds = home.once().holds();

    assertThat(holds).singleElement().asString().contains("PARTIAL").contains("20 of 30 rows");
    Matcher remedy = Pattern.compile("ALTER TABLE .*? mutations_sync = 2").matcher(holds.get(0));
    assertThat(remedy.find()).isTrue();
    TestClickHouse.execute(remedy.group());
    assertThat(home.once().holds()).isEmpty();
    assertOnce();
  }

  @Test
  void aCrashBetweenTheNewTokenAndItsRowsIsCountedUnderBoth() {
    leaveInDoubt("");
    delete("1");
    kill("SENT");
    assertThat(home.rows(FLOW, "count()")).containsExactly(Integer.toString(ROWS));
    assertThat(home.once().holds()).isEmpty();
    assertOnce();
  }

  @Test
  void withoutTheColumnABatchInDoubtAcrossARestartIsHeldUntilSomebodyAccepts() {
    home.set("waybill.provenance", "off");
    TestClickHouse.execute(
        """
        CREATE TABLE %s.%s (id UInt64, text String) ENGINE = MergeTree ORDER BY tuple()
        SETTINGS non_replicated_deduplication_window = 10000"""
            .formatted(home.database(), FLOW));
    leaveInDoubt();
    TestClickHouse.kill9();
    TestClickHouse.awaitRunning();

    assertThat(home.once().holds()).singleElement().asString().contains("UNVERIFIABLE");
    home.movingFlow(FLOW, "onUnverified=accept");
    assertThat(home.once().holds()).isEmpty();
    assertOnce();
  }
}
