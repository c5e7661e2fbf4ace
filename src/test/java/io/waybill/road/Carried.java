package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Audit events are carried a moment after what they tell, or by the next start. */
final class Carried {
  private static final Duration MOMENT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Carried() {}

  /** Every batch that the ledger has settled has its event, once. */
  static void assertPapers(RoadHome home) {
    try {
      awaitAll(home, MOMENT);
    } catch (ConditionTimeoutException e) {
      // Waybill was stopped before it could
      try (Application idle = home.startIdle()) {
        awaitAll(home, PATIENCE);
        assertThat(idle.holds()).isEmpty();
      }
    }
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  private static void awaitAll(RoadHome home, Duration atMost) {
    Awaitility.await()
        .atMost(atMost)
        .until(() -> home.audit().size() >= home.settledInLedger().size());
  }
}
