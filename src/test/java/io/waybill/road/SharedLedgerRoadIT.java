package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.delivery.Step;
import io.waybill.ledger.LedgerReader;
import io.waybill.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The file road with its ledger in a real PostgreSQL, alone and shared. */
class SharedLedgerRoadIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int ROWS = 20_000;
  private static final int FILES = 30;
  @TempDir Path folder;

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).ignoreExceptions().until(condition);
  }

  private RoadHome home() {
    TestPostgres server = TestPostgres.shared();
    return RoadHome.in(folder.resolve("a")).ledgerIn(server.url(server.newSchema()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"PLANNED", "SENT", "COMMITTED", "AUDIT_SENT"})
  void killedAtAStepItLoadsEveryRowOnce(Step step) {
    RoadHome home = home();
    BigLoad load = BigLoad.of(home, ROWS, "batchRows=2000");
    int times = step == Step.AUDIT_SENT ? 1 : 4;
    try (Child child =
        Child.command(
            home.folder(),
            List.of(),
            List.of("-Dwaybill.test.kill=%s:%d".formatted(step, times)),
            List.of("run", "--once"))) {
      assertThat(child.exitCode()).as(child.output()).isEqualTo(137);
    }
    try (Child child = home.child("--once")) {
      assertThat(child.exitCode()).as(child.output()).isZero();
    }
    load.assertWhole();
    assertThat(home.files("data")).doesNotContain("ledger.db");
  }

  @Test
  void postgresKilledInTheMiddleLosesNothingAndTheFlowGoesOn() throws Exception {
    try (TestPostgres server = TestPostgres.start(folder.resolve("postgres"))) {
      RoadHome home = RoadHome.in(folder.resolve("a")).ledgerIn(server.url(server.newSchema()));
      BigLoad load = BigLoad.of(home, ROWS, "batchRows=200");
      try (Application application = home.start(false)) {
        for (int kill = 1; kill <= 2; kill++) {
          long until = load.settled() + 8;
          await("settled " + until, () -> load.settled() >= until);
          server.kill();
          if (kill == 1) {
            await("held", () -> !application.holds().isEmpty());
          }
          server.restart();
        }
        await("all of it", load::isComplete);
        await("papers", () -> home.audit().size() == home.settledInLedger().size());
        assertThat(application.holds()).isEmpty();
      }
      load.assertWhole();
    }
  }

  @Test
  void twoHomesShareAFolderAndTheSecondTakesOverWhenTheFirstIsKilled() throws Exception {
    RoadHome first = home();
    first.table("trips", "id UInt32, source String");
    Path in = Files.createDirectories(folder.resolve("in"));
    String from = "file:%s?initialDelay=0&delay=50".formatted(in);
    first.flowFrom("trips", from, "batchRows=100");
    Path other = Files.createDirectories(folder.resolve("b/routes")).getParent();
    Files.copy(
        first.folder().resolve("application.properties"), other.resolve("application.properties"));
    Files.copy(
        first.folder().resolve("routes/trips.camel.yaml"),
        other.resolve("routes/trips.camel.yaml"));
    List<String> expected = new ArrayList<>();
    try (Child one = first.child()) {
      drop(in, 0, expected);
      await("the first delivers", () -> first.states("trips").contains("completed"));
      try (Child two = Child.start(other)) {
        await("the second waits", () -> first.flow("trips").hold().isPresent());
        assertThat(first.flow("trips").hold().orElseThrow().reason()).contains("FLOW_ELSEWHERE");
        for (int file = 1; file < FILES; file++) {
          drop(in, file, expected);
        }
        await("in the middle", () -> first.runs("trips").size() >= 4);
        one.kill9();
        await(
            "the second has delivered the rest; " + two.output(),
            () ->
                first.states("trips").stream().filter("completed"::equals).count() == FILES
                    && first.audit().size() == first.settledInLedger().size());
      }
    }
    expected.sort(null);
    assertThat(first.rows("trips", "source, id").stream().sorted())
        .containsExactlyElementsOf(expected);
    assertThat(first.audit()).containsExactlyElementsOf(first.settledInLedger());
    assertThat(first.<Long>ledger(LedgerReader::outboxPending)).isZero();
  }

  /** Under its name when it is whole, as it should be done. */
  private static void drop(Path in, int number, List<String> expected) throws Exception {
    StringBuilder text = new StringBuilder("id,source\n");
    for (int i = 0; i < 1_000; i++) {
      text.append(i).append(",f").append(number).append('\n');
      expected.add("f" + number + "\t" + i);
    }
    Path unfinished = Files.writeString(in.resolveSibling("next.csv"), text);
    Files.move(unfinished, in.resolve("f%03d.csv".formatted(number)));
  }

  @Test
  void deadLettersOfAnotherHomeAreShownWithTheirBytes() throws Exception {
    RoadHome first = home();
    first.table("trips", "id UInt32, name String").movingFlow("trips", "");
    first.drop("trips", "a.csv", "id,name\n1,one\nx,two\n3,three\n");
    first.once();
    assertThat(first.letters()).hasSize(1);
    RoadHome second = RoadHome.in(folder.resolve("b"));
    Files.copy(
        first.folder().resolve("application.properties"),
        second.folder().resolve("application.properties"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.createDirectories(second.folder().resolve("routes"));
    Files.copy(
        first.folder().resolve("routes/trips.camel.yaml"),
        second.folder().resolve("routes/trips.camel.yaml"));
    String id = first.letters().get(0).id();

    try (Child child =
        Child.command(second.folder(), List.of(), List.of(), List.of("dead-letters", "show", id))) {
      assertThat(child.exitCode()).as(child.output()).isZero();
      assertThat(child.output()).contains("x,two");
    }
  }
}
