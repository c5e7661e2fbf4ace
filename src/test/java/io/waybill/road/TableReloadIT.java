package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that are loaded whole beside the one that is read. */
class TableReloadIT {
  private static final String FLOW = "prices";
  private static final int KILLED = 137;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void start() {
    home = RoadHome.in(folder).table(FLOW, "id UInt64, price UInt64");
    flow("batchRows=500");
  }

  private void flow(String options) {
    home.flow(FLOW, "reload=exchange&" + options);
  }

  private void file(int version, int rows) {
    home.drop(
        FLOW,
        "prices.csv",
        IntStream.rangeClosed(1, rows)
            .mapToObj(id -> id + "," + id * version)
            .collect(Collectors.joining("\n", "id,price\n", "\n")));
  }

  private RoadHome.Ended once() {
    RoadHome.Ended ended = home.once();
    assertThat(ended.problems()).isEmpty();
    return ended;
  }

  private void delivers() {
    assertThat(once().holds()).isEmpty();
  }

  private void assertVersion(int version, int rows) {
    assertThat(
            home.rows(FLOW, "count(), uniqExact(id), countIf(price = id * %d)".formatted(version)))
        .containsExactly("%1$d\t%1$d\t%1$d".formatted(rows));
  }

  private void assertNothingLeft() {
    assertThat(
            home.query(
                "SELECT name FROM system.tables WHERE database = '%s' ORDER BY name"
                    .formatted(home.database())))
        .isEqualTo(FLOW);
    Carried.assertPapers(home);
  }

  @Test
  void aNewFileTakesThePlaceOfTheOldOneAtOnce() {
    file(1, 2000);
    delivers();
    assertVersion(1, 2000);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Long> seen =
        CompletableFuture.supplyAsync(
            () -> {
              long polls = 0;
              while (!over.get()) {
                assertThat(
                        home.rows(FLOW, "count(), min(intDiv(price, id)), max(intDiv(price, id))"))
                    .isSubsetOf("2000\t1\t1", "3000\t2\t2", "2500\t3\t3");
                polls++;
              }
              return polls;
            });
    file(2, 3000);
    delivers();
    assertVersion(2, 3000);
    file(3, 2500);
    delivers();
    over.set(true);
    assertThat(seen.join()).isGreaterThan(10);
    assertVersion(3, 2500);
    delivers();
    assertThat(home.states(FLOW)).containsExactly("completed", "completed", "completed");
    assertNothingLeft();
    assertThat(home.query("SHOW CREATE TABLE %s.prices".formatted(home.database())))
        .contains("non_replicated_deduplication_window = 10000", "_waybill_batch");
  }

  @Test
  void aFileThatGrewIsLoadedWhole() {
    file(1, 2000);
    delivers();
    file(1, 2600);
    delivers();
    assertVersion(1, 2600);
    assertNothingLeft();
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {
        "PLANNED",
        "SENT",
        "COMMITTED",
        "RELOAD_LOADED",
        "RELOAD_EXCHANGED",
        "RUN_ENDED",
        "RELOAD_DROPPED"
      })
  void aKillAtAStepLeavesTheOldTableOrTheNewOne(Step step) {
    file(1, 2000);
    delivers();
    file(2, 3000);
    try (Child child =
        Child.command(
            folder,
            List.of(),
            List.of("-Dwaybill.test.kill=" + step + ":1"),
            List.of("run", "--once"))) {
      assertThat(child.awaitEnd(PATIENCE)).as(child.output()).isEqualTo(KILLED);
    }
    assertThat(home.rows(FLOW, "count(), min(intDiv(price, id)), max(intDiv(price, id))"))
        .isSubsetOf("2000\t1\t1", "3000\t2\t2");
    delivers();
    assertVersion(2, 3000);
    file(3, 1500);
    delivers();
    assertVersion(3, 1500);
    assertNothingLeft();
  }

  @Test
  void aSourceReplacedInMidLoadIsLoadedAnew() {
    file(1, 2000);
    delivers();
    file(2, 3000);
    try (Child child =
        Child.command(
            folder, List.of(), List.of("-Dwaybill.test.kill=SENT:2"), List.of("run", "--once"))) {
      assertThat(child.awaitEnd(PATIENCE)).as(child.output()).isEqualTo(KILLED);
    }
    file(3, 1500);
    delivers();
    assertVersion(3, 1500);
    assertThat(home.states(FLOW)).containsExactly("completed", "cancelled", "completed");
    assertNothingLeft();
  }

  @Test
  void tooManyBadRowsLeaveTheTableAsItWas() {
    flow("batchRows=500&maxBadRows=3");
    file(1, 2000);
    delivers();
    home.drop(FLOW, "prices.csv", "id,price\n1,a\n2,b\n3,c\n4,d\n5,5\n");
    once();
    assertVersion(1, 2000);
    assertThat(home.states(FLOW)).containsExactly("completed", "failed");
    home.drop(FLOW, "prices.csv", "id,price\n1,a\n2,b\n3,9\n4,12\n");
    delivers();
    assertThat(home.rows(FLOW, "id, price")).containsExactly("3\t9", "4\t12");
    assertThat(home.states(FLOW))
        .containsExactly("completed", "cancelled", "completed_with_dead_letters");
  }

  @Test
  void anEmptySourceEmptiesNoTableUnlessItMay() {
    file(1, 100);
    delivers();
    home.drop(FLOW, "prices.csv", "id,price\n");
    once();
    assertVersion(1, 100);
    assertThat(home.runs(FLOW).get(1).reason()).contains("no rows");
    flow("reloadEmpty=true");
    home.drop(FLOW, "prices.csv", "price,id\n");
    delivers();
    assertThat(home.rows(FLOW, "count()")).containsExactly("0");
    file(2, 50);
    delivers();
    assertVersion(2, 50);
    assertNothingLeft();
  }

  @Test
  void aTableThatAMaterializedViewReadsIsRefused() {
    home.query(
        "CREATE TABLE %1$s.sums (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 10000"
            .formatted(home.database()));
    home.query(
        "CREATE MATERIALIZED VIEW %1$s.view TO %1$s.sums AS SELECT price AS n FROM %1$s.prices"
            .formatted(home.database()));
    file(1, 100);
    assertThat(once().holds()).singleElement().asString().contains("RELOAD_VIEWS", "view");
    home.query("DROP TABLE %s.view".formatted(home.database()));
    delivers();
    assertVersion(1, 100);
  }

  @Test
  void aTableThatIsNotThereIsMade() {
    home.query("DROP TABLE %s.prices".formatted(home.database()));
    flow("createTable=true&orderBy=id");
    file(1, 100);
    delivers();
    assertVersion(1, 100);
    assertNothingLeft();
    assertThat(home.query("SHOW CREATE TABLE %s.prices".formatted(home.database())))
        .contains("_waybill_batch");
  }
}
