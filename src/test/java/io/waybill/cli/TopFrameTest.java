package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.Format;
import io.waybill.delivery.RunState;
import io.waybill.delivery.TableName;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.RunRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What top shows: rates of two looks, and first what needs somebody. */
final class TopFrameTest {
  private static final Instant THEN = Instant.parse("2026-11-24T12:00:00Z");

  private static RunRow run(String id, String flow, RunState state, long rows, Instant started) {
    return new RunRow(
        id,
        flow,
        "a.csv",
        0,
        "in/a\u001b[2J.csv",
        new TableName("db", flow),
        Format.CSV,
        state,
        "",
        "",
        started,
        Optional.empty(),
        rows,
        rows << 20,
        1,
        state == RunState.RUNNING ? 2 : 0,
        0,
        0,
        1,
        Optional.of(started),
        Optional.of(started.plusSeconds(1)),
        "");
  }

  private static FlowRow flow(String name, Optional<FlowRow.Hold> hold) {
    return new FlowRow(
        name,
        Optional.of(new TableName("db", name)),
        "routes/x",
        hold,
        Optional.empty(),
        true,
        Optional.empty(),
        "",
        Optional.empty());
  }

  private static TopLook look(Instant at, List<RunRow> runs) {
    FlowRow.Hold hold = new FlowRow.Hold("no table", "make it", THEN);
    return new TopLook(
        at,
        true,
        List.of(
            flow("busy", Optional.empty()),
            flow("idle", Optional.empty()),
            flow("stuck", Optional.of(hold))),
        runs,
        List.of(),
        Map.of("idle", 7L),
        3);
  }

  private static final TopFrame FRAME =
      new TopFrame(
          look(THEN, List.of(run("r1", "busy", RunState.RUNNING, 100, THEN.minusSeconds(60)))),
          look(
              THEN.plusSeconds(2),
              List.of(
                  run("r2", "busy", RunState.COMPLETED, 50, THEN.plusSeconds(1)),
                  run("r1", "busy", RunState.RUNNING, 140, THEN.minusSeconds(60)))));

  @Test
  void ratesAreOfWhatCameBetweenTheLooks() {
    assertThat(FRAME.lines())
        .anySatisfy(
            line -> assertThat(line).matches("busy +running +45 +45\\.0 +2 +0 +- +db\\.busy"))
        .anySatisfy(
            line -> assertThat(line).matches("idle +running +0 +0\\.0 +0 +7 +- +db\\.idle"));
  }

  @Test
  void whatIsHeldComesFirstWithItsReason() {
    assertThat(FRAME.lines().get(1)).startsWith("stuck").contains("held");
    assertThat(FRAME.lines().get(2)).startsWith("busy");
    assertThat(FRAME.lines())
        .anySatisfy(line -> assertThat(line).startsWith("held: stuck since").endsWith("no table"))
        .contains("  remedy: make it");
    assertThat(FRAME.head("/home")).contains("serving", "audit events waiting: 3");
  }

  @Test
  void aNameCannotMoveTheCursor() {
    assertThat(FRAME.lines()).allSatisfy(line -> assertThat(line).doesNotContain("\u001b"));
  }

  @Test
  void keysScrollAndQuit() {
    assertThat(TopScreen.key("q")).isEqualTo(TopScreen.Key.QUIT);
    assertThat(TopScreen.key("\u001b[A")).isEqualTo(TopScreen.Key.UP);
    assertThat(TopScreen.key("\u001b[B\u001b[B")).isEqualTo(TopScreen.Key.DOWN);
    assertThat(TopScreen.key("x")).isEqualTo(TopScreen.Key.NONE);
  }
}
