package io.waybill.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DueTimesTest {
  private static final Cron HOURLY = Cron.parse("@hourly", ZoneId.of("UTC"));
  private static final Instant ONE = Instant.parse("2026-01-01T01:00:00Z");

  private static Instant at(int hour, int minute) {
    return ONE.plus(Duration.ofHours(hour - 1)).plus(Duration.ofMinutes(minute));
  }

  @Test
  void whatIsDueNowIsStartedWhateverTheCatchUp() {
    for (CatchUp catchUp : CatchUp.values()) {
      assertThat(DueTimes.passed(HOURLY, catchUp, ONE, ONE.plusSeconds(30)))
          .isEqualTo(new DueTimes(List.of(ONE), Optional.empty(), 0, Optional.of(at(2, 0))));
    }
  }

  @Test
  void nothingIsStartedBeforeItIsDue() {
    assertThat(DueTimes.passed(HOURLY, CatchUp.ALL, ONE, ONE.minusSeconds(1)))
        .isEqualTo(new DueTimes(List.of(), Optional.empty(), 0, Optional.of(ONE)));
  }

  @Test
  void withoutCatchUpWhatPassedIsMissed() {
    assertThat(DueTimes.passed(HOURLY, CatchUp.NONE, ONE, at(3, 30)))
        .isEqualTo(new DueTimes(List.of(), Optional.of(at(3, 0)), 3, Optional.of(at(4, 0))));
  }

  @Test
  void theLastOneIsMadeUpForUnlessOneIsDueNow() {
    assertThat(DueTimes.passed(HOURLY, CatchUp.LAST, ONE, at(3, 30)))
        .isEqualTo(
            new DueTimes(List.of(at(3, 0)), Optional.of(at(2, 0)), 2, Optional.of(at(4, 0))));
    assertThat(DueTimes.passed(HOURLY, CatchUp.LAST, ONE, at(3, 0)))
        .isEqualTo(
            new DueTimes(List.of(at(3, 0)), Optional.of(at(2, 0)), 2, Optional.of(at(4, 0))));
  }

  @Test
  void allAreMadeUpForInTheirOrder() {
    assertThat(DueTimes.passed(HOURLY, CatchUp.ALL, ONE, at(3, 30)))
        .isEqualTo(
            new DueTimes(
                List.of(ONE, at(2, 0), at(3, 0)), Optional.empty(), 0, Optional.of(at(4, 0))));
  }

  @Test
  void noMoreThanAThousandAreMadeUpFor() {
    DueTimes due =
        DueTimes.passed(HOURLY, CatchUp.ALL, ONE, ONE.plus(Duration.ofHours(1499)).plusSeconds(90));
    assertThat(due.start()).hasSize(DueTimes.MOST);
    assertThat(due.missedCount()).isEqualTo(500);
  }

  @Test
  void aStartIsPutOffByTheSameTimeEachTimeAndWithinTheJitter() {
    FlowPlan plan =
        new FlowPlan(
            Optional.of(HOURLY),
            Duration.ofMinutes(5),
            CatchUp.NONE,
            Concurrency.SKIP,
            Duration.ZERO,
            Duration.ZERO);
    for (long second = 0; second < 1000; second++) {
      assertThat(plan.delay("a", second))
          .isEqualTo(plan.delay("a", second))
          .isBetween(Duration.ZERO, Duration.ofMinutes(5));
    }
    assertThat(plan.delay("a", 1)).isNotEqualTo(plan.delay("b", 1));
    assertThat(FlowPlan.NONE.delay("a", 1)).isZero();
  }

  @Test
  void whoGivesWayIsDecidedByTheRule() {
    for (Concurrency rule : Concurrency.values()) {
      assertThat(rule.step(false)).isEqualTo(Concurrency.Step.START);
    }
    assertThat(Concurrency.SKIP.step(true)).isEqualTo(Concurrency.Step.LEAVE_OUT);
    assertThat(Concurrency.QUEUE.step(true)).isEqualTo(Concurrency.Step.WAIT);
    assertThat(Concurrency.REPLACE.step(true)).isEqualTo(Concurrency.Step.CANCEL_AND_START);
  }
}
