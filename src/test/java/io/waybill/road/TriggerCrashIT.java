package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.delivery.Step;
import io.waybill.ledger.TriggerKind;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.TriggerState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Waybill is killed, or was not there: each occasion still starts its flow once. */
final class TriggerCrashIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SIGKILL = 137;

  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void empty() {
    home = RoadHome.in(folder);
  }

  private void message(String flow, String from) {
    home.table(flow, "text String")
        .route(
            flow,
            """
            - route:
                id: %s
                from:
                  uri: "%s"
                  steps:
                    - setBody:
                        simple: '{"text": "${header.CamelWaybillTrigger}"}'
                    - to: %s
            """
                .formatted(flow, from, home.target(flow, "")));
  }

  private List<TriggerRow> triggers(String flow) {
    return home.ledger(reader -> reader.triggers(Optional.of(flow), 1000));
  }

  private void killed(Step step, int times, String... arguments) {
    List<String> kill = List.of("-Dwaybill.test.kill=" + step + ":" + times);
    try (Child child = Child.command(folder, List.of(), kill, List.of(arguments))) {
      assertThat(child.exitCode()).isEqualTo(SIGKILL);
    }
  }

  /** Each trigger of a flow completed, with one run and one row. */
  private void assertOnce(String flow, int count) {
    assertThat(triggers(flow)).hasSize(count);
    assertThat(triggers(flow)).extracting(TriggerRow::state).containsOnly(TriggerState.COMPLETED);
    assertThat(home.rows(flow, "text"))
        .containsExactlyInAnyOrderElementsOf(triggers(flow).stream().map(TriggerRow::id).toList());
    assertThat(home.runs(flow)).hasSize(count);
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"PLAN", "SENT", "RUN_ENDED"})
  void aTriggerThatIsKilledDeliversOnce(Step step) {
    message("t", "timer:t?period=3600000&delay=3600000");
    killed(step, 1, "trigger", "t");
    assertThat(triggers("t")).singleElement().matches(each -> !each.state().isEnded());
    try (Application application = home.start(false)) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> triggers("t").get(0).state() == TriggerState.COMPLETED);
      assertThat(application.holds()).isEmpty();
    }
    assertOnce("t", 1);
  }

  @ParameterizedTest
  @CsvSource({"SENT, 1", "RUN_ENDED, 1", "PLAN, 2", "SENT, 2", "RUN_ENDED, 2"})
  void aSetThatIsKilledInItsMiddleStartsWhatWaitsForItOnce(Step step, int times) {
    for (String flow : List.of("a", "b")) {
      home.table(flow, "text String").movingFlow(flow, "");
    }
    message("c", "waybill-after:c?flows=a,b");
    home.drop("a", "1.csv", "text\nx\n");
    home.once();
    assertThat(triggers("c")).isEmpty();
    home.drop("b", "1.csv", "text\ny\n");
    killed(step, times, "run", "--once");
    home.once();
    home.once();
    assertOnce("c", 1);
    assertThat(home.rows("b", "text")).containsExactly("y");
  }

  private void dueSince(Instant due) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/ledger.db"));
        Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE flow SET next_due_at = "
                      + ChronoUnit.MICROS.between(Instant.EPOCH, due)
                      + " WHERE name = 't'"))
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"none, 0, 1", "last, 1, 1", "all, 3, 0"})
  void dueTimesAtWhichNothingServedAreCaughtUpWithOnce(String catchUp, int started, int missed)
      throws SQLException {
    message("t", "timer:t?period=10");
    home.set("waybill.flows.t.schedule", "0 30 2 * * ?")
        .set("waybill.flows.t.concurrency", "queue")
        .set("waybill.flows.t.catch-up", catchUp);
    try (Application application = home.start(false)) {
      Awaitility.await().atMost(PATIENCE).until(() -> home.flow("t").nextDue().isPresent());
      assertThat(application.holds()).isEmpty();
    }
    assertThat(triggers("t")).isEmpty();
    dueSince(home.flow("t").nextDue().orElseThrow().minus(Duration.ofDays(3)));
    for (int i = 0; i < 2; i++) {
      try (Application application = home.start(false)) {
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () ->
                    triggers("t").size() == started + missed
                        && triggers("t").stream().allMatch(each -> each.state().isEnded()));
        assertThat(application.holds()).isEmpty();
      }
    }
    assertThat(triggers("t")).extracting(TriggerRow::kind).containsOnly(TriggerKind.SCHEDULE);
    assertThat(triggers("t").stream().filter(each -> each.state() == TriggerState.MISSED))
        .hasSize(missed);
    assertThat(triggers("t").stream().filter(each -> each.state() == TriggerState.COMPLETED))
        .hasSize(started);
    assertThat(home.rows("t", "text")).hasSize(started);
  }

  @Test
  void aTriggerOfAFlowThatIsHeldIsCarriedOutWhenItGoesOn() {
    message("t", "timer:t?period=3600000&delay=3600000");
    home.query("DROP TABLE %s.t".formatted(home.database()));
    Child.command(folder, List.of(), List.of(), List.of("trigger", "t")).exitCode();
    assertThat(triggers("t")).extracting(TriggerRow::state).doesNotContain(TriggerState.COMPLETED);
    home.table("t", "text String");
    if (!triggers("t").isEmpty()) {
      try (Application application = home.start(false)) {
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> triggers("t").get(0).state() == TriggerState.COMPLETED);
        assertThat(application.holds()).isEmpty();
      }
      assertOnce("t", 1);
    }
  }
}
