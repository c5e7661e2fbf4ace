package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.TriggerState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What flows do at their due times, by a clock that the test sets. */
final class ScheduleIT {
  private static final String FLOW = "nightly";
  private static final Semaphore GATE = new Semaphore(0);
  @TempDir Path folder;
  private RoadHome home;

  /** A step that waits until it is let through. */
  public static final class Gate {
    /** Waits. */
    public void pass() throws InterruptedException {
      GATE.acquire();
    }
  }

  @BeforeEach
  void empty() {
    GATE.drainPermits();
    home = RoadHome.in(folder).table(FLOW, "id UInt64, text String");
  }

  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofSeconds(90));
  }

  private void flow(String step) {
    home.route(
        FLOW,
        """
        - route:
            id: nightly
            from:
              uri: timer:nightly?delay=3600000
              steps:
        %s        - setBody:
                    simple: '{"id": 1, "text": "${header.CamelWaybillTrigger}"}'
                - to: %s
        """
            .formatted(step, home.target(FLOW, "")));
  }

  private RoadHome set(String key, String value) {
    return home.set("waybill.flows.nightly." + key, value);
  }

  private void gated(String concurrency) {
    flow(
        """
                - bean:
                    beanType: io.waybill.road.ScheduleIT$Gate
                    method: pass
        """);
    set("schedule", "0 0 * * * ?").set("waybill.flows.nightly.concurrency", concurrency);
  }

  private List<TriggerRow> triggers() {
    List<TriggerRow> triggers =
        new ArrayList<>(home.ledger(reader -> reader.triggers(Optional.of(FLOW), 1000)));
    Collections.reverse(triggers);
    return triggers;
  }

  private List<String> told() {
    return triggers().stream().map(row -> row.due() + " " + row.state().label()).toList();
  }

  private void awaitNextDue(String due) {
    patiently().until(() -> home.flow(FLOW).nextDue().map(Object::toString).orElse("").equals(due));
  }

  private void awaitTold(String... lines) {
    patiently().untilAsserted(() -> assertThat(told()).containsExactly(lines));
  }

  private void assertOneRowForEachCompleted() {
    assertThat(home.rows(FLOW, "text"))
        .containsExactlyInAnyOrderElementsOf(
            triggers().stream()
                .filter(row -> row.state() == TriggerState.COMPLETED)
                .map(TriggerRow::id)
                .toList());
  }

  @Test
  void dueTimesAreThoseOfTheZoneAlsoWhenItsClocksAreSet() {
    flow("");
    set("schedule", "0 30 2 * * ?").set("waybill.flows.nightly.zone", "Europe/Berlin");
    SetClock clock = new SetClock("2027-03-27T12:00:00Z");
    try (Application application = home.start(clock)) {
      awaitNextDue("2027-03-28T01:00:00Z"); // 02:30 is not there that night
      clock.set("2027-03-28T00:59:30Z");
      assertThat(told()).isEmpty();
      clock.set("2027-03-28T01:00:05Z");
      awaitTold("2027-03-28T01:00:00Z completed");
      awaitNextDue("2027-03-29T00:30:00Z");
      assertThat(application.holds()).isEmpty();
    }
    clock.set("2027-10-30T12:00:00Z");
    try (Application application = home.start(clock)) {
      awaitNextDue("2027-10-31T00:30:00Z"); // 02:30 is there twice
      clock.set("2027-10-31T00:30:05Z");
      patiently().until(() -> told().contains("2027-10-31T00:30:00Z completed"));
      awaitNextDue("2027-11-01T01:30:00Z");
      clock.set("2027-10-31T01:30:05Z");
      assertThat(application.holds()).isEmpty();
    }
    assertThat(told()).doesNotContain("2027-10-31T01:30:00Z completed");
    assertOneRowForEachCompleted();
  }

  @ParameterizedTest
  @CsvSource({
    "none, 2027-05-04T01:00:00Z missed",
    "last, 2027-05-04T01:00:00Z completed",
    "all, 2027-05-02T01:00:00Z completed+2027-05-03T01:00:00Z completed+2027-05-04T01:00:00Z completed"
  })
  void whatWasMissedWhileNothingServedIsMadeUpForAsTheFlowSays(String catchUp, String expected) {
    flow("");
    set("schedule", "0 0 1 * * ?")
        .set("waybill.flows.nightly.catch-up", catchUp)
        .set("waybill.flows.nightly.concurrency", "queue");
    SetClock clock = new SetClock("2027-05-01T00:00:00Z");
    try (Application application = home.start(clock)) {
      awaitNextDue("2027-05-01T01:00:00Z");
      clock.set("2027-05-01T01:00:01Z");
      awaitTold("2027-05-01T01:00:00Z completed");
      assertThat(application.holds()).isEmpty();
    }
    clock.set("2027-05-04T09:00:00Z");
    for (int start = 0; start < 2; start++) { // once, however often it starts
      try (Application application = home.start(clock)) {
        patiently()
            .untilAsserted(
                () ->
                    assertThat(told())
                        .endsWith(expected.split("\\+", -1))
                        .startsWith("2027-05-01T01:00:00Z completed"));
        awaitNextDue("2027-05-05T01:00:00Z");
        assertThat(application.holds()).isEmpty();
      }
    }
    assertThat(triggers()).extracting(TriggerRow::due).doesNotHaveDuplicates();
    assertOneRowForEachCompleted();
  }

  /** Due at one and, while that runs, at two; then what runs is let through. */
  private void dueAgainWhileItRuns(String concurrency, String[] meanwhile, String[] afterwards) {
    gated(concurrency);
    SetClock clock = new SetClock("2027-05-01T00:59:00Z");
    try (Application application = home.start(clock)) {
      awaitNextDue("2027-05-01T01:00:00Z");
      clock.set("2027-05-01T01:00:01Z");
      awaitTold("2027-05-01T01:00:00Z running");
      clock.set("2027-05-01T02:00:01Z");
      awaitTold(meanwhile);
      GATE.release();
      awaitTold(afterwards);
      assertThat(application.holds()).isEmpty();
    }
    assertOneRowForEachCompleted();
  }

  @Test
  void aDueTimeWhileTheFlowRunsIsSkipped() {
    dueAgainWhileItRuns(
        "skip",
        new String[] {"2027-05-01T01:00:00Z running", "2027-05-01T02:00:00Z skipped"},
        new String[] {"2027-05-01T01:00:00Z completed", "2027-05-01T02:00:00Z skipped"});
  }

  @Test
  void dueTimesWhileTheFlowRunsWaitTheirTurnInOrder() {
    gated("queue");
    SetClock clock = new SetClock("2027-05-01T00:59:00Z");
    try (Application application = home.start(clock)) {
      awaitNextDue("2027-05-01T01:00:00Z");
      for (int hour = 1; hour <= 4; hour++) {
        clock.set("2027-05-01T0%d:00:01Z".formatted(hour));
        awaitNextDue("2027-05-01T0%d:00:00Z".formatted(hour + 1));
      }
      patiently().until(() -> triggers().get(0).state() == TriggerState.RUNNING);
      assertThat(triggers().stream().skip(1))
          .extracting(TriggerRow::state)
          .containsExactly(TriggerState.QUEUED, TriggerState.QUEUED, TriggerState.QUEUED);
      GATE.release(4);
      patiently()
          .until(() -> triggers().stream().allMatch(row -> row.state() == TriggerState.COMPLETED));
      assertThat(application.holds()).isEmpty();
    }
    assertThat(triggers()).hasSize(4);
    assertThat(triggers()).extracting(row -> row.started().orElseThrow()).isSorted();
    assertOneRowForEachCompleted();
  }

  @Test
  void aDueTimeTakesThePlaceOfTheOneThatRuns() {
    dueAgainWhileItRuns(
        "replace",
        new String[] {"2027-05-01T01:00:00Z cancelled", "2027-05-01T02:00:00Z running"},
        new String[] {"2027-05-01T01:00:00Z cancelled", "2027-05-01T02:00:00Z completed"});
  }

  @Test
  void aTimerWithAScheduleRestsWhileSourcesAreDrainedUnlessItIsNamed() {
    set("schedule", "0 0 1 1 1 ? 2100");
    home.route(
        FLOW,
        """
        - route:
            id: nightly
            from:
              uri: timer:nightly?period=10
              steps:
                - setBody:
                    simple: '{"id": 1, "text": "${header.CamelWaybillTrigger}"}'
                - to: %s
        """
            .formatted(home.target(FLOW, "")));
    assertThat(home.once().holds()).isEmpty();
    assertThat(triggers()).isEmpty();
    assertThat(home.rows(FLOW, "id")).isEmpty();
    try (Child child = home.child("--once", FLOW)) {
      assertThat(child.exitCode()).as(child.output()).isZero();
    }
    assertThat(triggers()).extracting(TriggerRow::state).containsExactly(TriggerState.COMPLETED);
    assertOneRowForEachCompleted();
  }

  @Test
  void anEndThatIsTooLongAgoDoesNotCount() {
    home.table("a", "id UInt64, text String").movingFlow("a", "");
    home.table("b", "id UInt64, text String").movingFlow("b", "");
    home.route(
        FLOW,
        """
        - route:
            id: nightly
            from:
              uri: waybill-after:nightly?flows=a,b&within=1h
              steps:
                - setBody:
                    simple: '{"id": 1, "text": "${header.CamelWaybillTrigger}"}'
                - to: %s
        """
            .formatted(home.target(FLOW, "")));
    SetClock clock = new SetClock("2027-05-01T01:00:00Z");
    try (Application application = home.start(clock)) {
      home.drop("a", "1.csv", "id,text\n1,a\n");
      patiently().until(() -> home.states("a").equals(List.of("completed")));
      clock.set("2027-05-01T03:00:00Z");
      home.drop("b", "1.csv", "id,text\n1,b\n");
      patiently().until(() -> home.states("b").equals(List.of("completed")));
      home.drop("a", "2.csv", "id,text\n2,a\n");
      patiently()
          .until(
              () ->
                  triggers().stream()
                      .map(TriggerRow::state)
                      .toList()
                      .equals(List.of(TriggerState.COMPLETED)));
      assertThat(application.holds()).isEmpty();
    }
    // one set, that of the second end of a: the first was too old when b ended
    assertThat(triggers().get(0).created()).isAfter(home.runs("a").get(1).started());
    assertOneRowForEachCompleted();
  }

  @Test
  void peopleAreToldOfWhatIsNotCompleteInTime() throws Exception {
    gated("queue");
    set("deadline", "300ms");
    home.write(
        "routes/waybill/alert.camel.yaml",
        """
        - route:
            id: waybill-alert
            from:
              uri: direct:waybill-alert
              steps:
                - to: file:out?fileName=alerts&fileExist=Append&appendChars=\\n
        """);
    for (String shipped : new String[] {"audit", "dead-letter", "deliver", "errors"}) {
      home.write(
          "routes/waybill/" + shipped + ".camel.yaml",
          Files.readString(Path.of("routes/waybill", shipped + ".camel.yaml")));
    }
    try (Application application = home.start(false)) {
      Order order = new Order.Trigger(FLOW, Map.of(), "");
      assertThat(home.order(order).outcome()).isEqualTo(Answer.Outcome.DONE);
      Path alerts = folder.resolve("out/alerts");
      patiently().until(() -> Files.exists(alerts) && Files.readString(alerts).contains("late"));
      assertThat(Files.readString(alerts)).contains(FLOW).contains(triggers().get(0).id());
      GATE.release();
      patiently().until(() -> triggers().get(0).state() == TriggerState.COMPLETED);
      assertThat(application.holds()).isEmpty();
    }
    assertOneRowForEachCompleted();
  }
}
