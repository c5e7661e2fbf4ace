package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows of sources that are killed, or break off, as Waybill is, with bad rows among them. A million
 * of them: {@code -Dwaybill.test.messages=1000000 -Dwaybill.test.source-kills=20}.
 */
final class SourceFaultsIT {
  private static final String FLOW = "faults";
  private static final int ROWS = Integer.getInteger("waybill.test.messages", 6000);
  private static final int KILLS = Integer.getInteger("waybill.test.source-kills", 4);
  private static final int BAD = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(Math.max(120, ROWS / 500));
  @TempDir Path folder;
  @TempDir Path sourceFolder;
  private RoadHome home;

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private long count() {
    return Long.parseLong(home.rows(FLOW, "count()").get(0));
  }

  @ParameterizedTest
  @EnumSource
  void eachRowArrivesOnceOrIsADeadLetterWhoeverIsKilled(KillableSource.Kind kind) throws Exception {
    long seed = Long.getLong("waybill.test.seed", new Random().nextLong());
    System.out.println("SourceFaultsIT: " + kind + ", seed " + seed);
    Random random = new Random(seed);
    home =
        RoadHome.in(folder)
            .table(FLOW, "id UInt64, n Int32, text String")
            .set("faults.extracts", "1");
    try (KillableSource source = kind.start(sourceFolder, ROWS / BAD)) {
      source.configure(home);
      home.route(FLOW, source.route(home.target(FLOW, "batchRows=" + Math.max(500, ROWS / 100))));
      try (Child first = home.child("--once")) {
        assertThat(first.awaitEnd(PATIENCE)).as(first.output()).isZero(); // a broker knows it now
      }
      home.set("faults.extracts", "0"); // without end
      Child child = home.child();
      try {
        for (int kill = 1; kill <= KILLS; kill++) {
          source.offer((kill - 1L) * ROWS / KILLS, (long) kill * ROWS / KILLS);
          child = killed(child, source, kill, random);
        }
        await("all good rows", () -> count() >= ROWS - BAD);
      } catch (ConditionTimeoutException e) {
        throw new AssertionError(
            "%d rows are there, %d letters, holds %s, spool %s; %s"
                .formatted(
                    count(),
                    home.letters().size(),
                    home.flow(FLOW).hold(),
                    home.files("data/spool/" + FLOW),
                    child.output()),
            e);
      } finally {
        child.kill9();
      }
      home.set("faults.extracts", "1");
      try (Child last = home.child("--once")) {
        assertThat(last.awaitEnd(PATIENCE)).as(last.output()).isBetween(0, 1);
      }
    }
    assertWhole();
  }

  /** Kills the source or Waybill, or both, when a part of what was offered arrived; who serves. */
  private Child killed(Child child, KillableSource source, int kill, Random random)
      throws Exception {
    long arrived = (kill - 1L) * ROWS / KILLS + 1 + random.nextInt(ROWS / KILLS / 2);
    await("%d rows".formatted(arrived), () -> count() >= arrived - BAD || !child.isAlive());
    assertThat(child.isAlive()).as(child.output()).isTrue();
    boolean sourceDies = kill % 2 == 1 || random.nextBoolean();
    if (sourceDies) {
      source.breakOff();
    }
    Child serving = child;
    if (kill % 2 == 0) {
      child.kill9();
      serving = home.child();
    }
    if (sourceDies) {
      source.restart();
    }
    return serving;
  }

  private void assertWhole() {
    assertThat(
            home.rows(
                FLOW,
                "count(), uniqExact(id), max(id), countIf(id %% %d = 1), countIf(n != id %% 1000), countIf(text != 'text of ' || id)"
                    .formatted(ROWS / BAD)))
        .containsExactly("%d\t%1$d\t%d\t0\t0\t0".formatted(ROWS - BAD, ROWS - 1));
    assertThat(home.letters()).hasSize(BAD);
    Carried.assertPapers(home);
    assertThat(home.files("data/spool/" + FLOW)).noneMatch(file -> file.startsWith("messages-"));
  }
}
