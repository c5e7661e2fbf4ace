package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.RunProgress.Snapshot;
import io.waybill.camel.FlowHold;
import io.waybill.delivery.RunState;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunLinesTest {
  private static Snapshot run(
      RunState state, String reason, boolean unchanged, long batches, double fraction) {
    return new Snapshot(
        "r1",
        "trips",
        "in/a.csv",
        "staging.trips",
        state,
        reason,
        reason.isEmpty() ? "" : "mend it",
        unchanged,
        false,
        fraction,
        2000,
        4096,
        batches,
        0,
        batches == 0 ? "" : "r1-1",
        batches == 0 ? "" : "r1-" + batches,
        Duration.ofSeconds(2));
  }

  @Test
  void completedRunTellsRowsBytesTimeRateBatchesDeadLettersTableAndQueryIds() {
    assertThat(RunLines.ended(run(RunState.COMPLETED, "", false, 2, 1)))
        .containsExactly(
            "trips: in/a.csv -> staging.trips: completed",
            "  2,000 rows, 4.0 KB in 2.00 s, 1,000 rows/s, 2 batches, 0 dead letters",
            "  run r1, query ids r1-1 to r1-2");
  }

  @Test
  void oneBatchHasOneQueryIdAndNoneHasNone() {
    assertThat(RunLines.ended(run(RunState.COMPLETED, "", false, 1, 1)))
        .contains("  run r1, query id r1-1");
    assertThat(RunLines.ended(run(RunState.COMPLETED, "", false, 0, 1))).contains("  run r1");
  }

  @Test
  void unchangedSourceIsOneLineThatNamesTheRunThatLoadedIt() {
    assertThat(RunLines.ended(run(RunState.COMPLETED, "", true, 0, 1)))
        .containsExactly("trips: in/a.csv -> staging.trips: nothing new, loaded already by run r1");
  }

  @Test
  void failedRunTellsReasonAndRemedy() {
    assertThat(RunLines.ended(run(RunState.FAILED, "source changed", false, 1, 1)))
        .contains("  reason: source changed", "  remedy: mend it");
  }

  @Test
  void liveLineTellsHowFarItIs() {
    assertThat(RunLines.live(run(RunState.RUNNING, "", false, 1, 0.5)))
        .contains("trips", "1,000 rows/s", "50 %", "eta 2.00 s", "in/a.csv");
  }

  @Test
  void holdTellsFlowReasonAndRemedy() {
    FlowHold hold = new FlowHold("trips", "no table", "make it", Instant.EPOCH);
    assertThat(RunLines.held(hold)).containsExactly("held: trips: no table", "  remedy: make it");
    FlowHold waiting = new FlowHold("trips", "no table", "", Instant.EPOCH);
    assertThat(RunLines.held(waiting)).containsExactly("held: trips: no table");
  }
}
