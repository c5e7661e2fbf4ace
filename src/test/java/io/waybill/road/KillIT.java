package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.ledger.BatchRow;
import io.waybill.testing.TestClickHouse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Either side killed in the middle of a load, as often as it takes. */
final class KillIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int KILLS = 10;
  private static final int MANY = 1_000_000;
  private static final int FEWER = 200_000;

  @TempDir Path folder;

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(condition);
  }

  private static void await(Child child, String what, Callable<Boolean> condition) {
    await(what + ", or the end of the child", () -> !child.isAlive() || condition.call());
    assertThat(child.isAlive()).as(child.output()).isTrue();
  }

  private static void pause(long millis) {
    Awaitility.await().pollDelay(Duration.ofMillis(millis)).atMost(PATIENCE).until(() -> true);
  }

  private static Random seeded() {
    long seed = Long.getLong("waybill.test.seed", System.nanoTime());
    System.out.println("KillIT: -Dwaybill.test.seed=" + seed);
    return new Random(seed);
  }

  @Test
  void waybillKilledTenTimesLoadsAMillionRowsOnce() {
    RoadHome home = RoadHome.in(folder);
    BigLoad load = BigLoad.of(home, MANY, "batchRows=5000");
    Random random = seeded();
    for (int kill = 1; kill <= KILLS; kill++) {
      try (Child child = home.child("--once")) {
        if (kill % 5 == 0) {
          // anywhere: while Java starts, while routes are loaded, while the first batches go out
          pause(random.nextInt(3_000));
        } else {
          long until = load.planned() + 1 + random.nextInt(12);
          await(child, "batch " + until, () -> load.planned() >= until);
        }
        child.kill9();
      }
    }
    assertThat(load.isComplete())
        .as("it must be killed in the middle, not behind the end")
        .isFalse();
    try (Child child = home.child("--once")) {
      assertThat(child.exitCode()).as(child.output()).isZero();
    }
    load.assertWhole();
  }

  @Test
  void clickHouseKilledInTheMiddleHasEveryRowOnce() throws InterruptedException {
    RoadHome home = RoadHome.in(folder);
    BigLoad load = BigLoad.of(home, FEWER, "batchRows=2000");
    Random random = seeded();
    try (Application application = home.start(true)) {
      for (int kill = 1; kill <= 3; kill++) {
        long until = load.settled() + 1 + random.nextInt(20);
        await(
            "settled " + until + " or held",
            () -> load.settled() >= until || !application.holds().isEmpty());
        assertThat(application.holds()).isEmpty();
        TestClickHouse.kill9();
        TestClickHouse.awaitRunning();
      }
      assertThat(load.isComplete()).isFalse();
      application.await();
      assertThat(application.holds()).isEmpty();
    }
    // audit events that found ClickHouse away wait in the ledger for the next run
    home.once();
    load.assertWhole();
  }

  @Test
  void bothKilledAtOnceLoseNothing() {
    RoadHome home = RoadHome.in(folder);
    BigLoad load = BigLoad.of(home, FEWER, "batchRows=2000");
    try (Child child = home.child("--once")) {
      await(child, "10 settled", () -> load.settled() >= 10);
      child.kill9();
      TestClickHouse.kill9();
    }
    TestClickHouse.awaitRunning();
    try (Child child = home.child("--once")) {
      assertThat(child.exitCode()).as(child.output()).isZero();
    }
    load.assertWhole();
  }

  @Test
  void plannedCutsOutliveAChangeOfBatchRows() {
    RoadHome home = RoadHome.in(folder);
    BigLoad load = BigLoad.of(home, FEWER, "batchRows=2000");
    try (Child child = home.child("--once")) {
      await(child, "10 planned", () -> load.planned() >= 10);
      child.kill9();
    }
    List<BatchRow> before = load.batches();
    home.flow(BigLoad.FLOW, "batchRows=7001");
    home.once();
    load.assertWhole();
    List<BatchRow> after = load.batches();
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i).position()).isEqualTo(before.get(i).position());
      assertThat(after.get(i).token()).isEqualTo(before.get(i).token());
    }
    assertThat(after.get(before.size()).position().records()).isEqualTo(7001);
  }

  @Test
  void aStoppedRunEndsInTimeAndGoesOn() {
    RoadHome home = RoadHome.in(folder);
    BigLoad load = BigLoad.of(home, FEWER, "batchRows=2000");
    try (Child child = home.child()) {
      await(child, "5 settled", () -> load.settled() >= 5);
      child.terminate();
      child.awaitEnd(STOP);
      assertThat(load.isComplete()).as("it must be stopped in the middle").isFalse();
      assertThat(home.runs(BigLoad.FLOW)).hasSize(1);
    }
    home.once();
    load.assertWhole();
  }

  @Test
  void aStopWhileClickHouseIsAwayEndsInTimeToo() {
    RoadHome home = RoadHome.in(folder);
    BigLoad load = BigLoad.of(home, FEWER, "batchRows=2000");
    home.set("waybill.retry.initial-delay", "60s").set("waybill.retry.max-delay", "60s");
    try (Child child = home.child()) {
      await(child, "5 settled", () -> load.settled() >= 5);
      TestClickHouse.kill9();
      child.terminate();
      child.awaitEnd(STOP);
    }
    TestClickHouse.awaitRunning();
    home.set("waybill.retry.initial-delay", "50ms");
    home.once();
    load.assertWhole();
  }
}
