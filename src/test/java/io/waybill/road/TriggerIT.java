package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.delivery.RunState;
import io.waybill.ledger.TriggerKind;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.TriggerState;
import io.waybill.ledger.UpstreamRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows are started by people, schedules and other flows, once for each occasion. */
final class TriggerIT {
  private static final String EVERY_YEAR = "0 0 0 1 1 ? 2100";
  private static final String ROW =
      "{\"id\": 1, \"text\": \"${header.CamelWaybillParameter_day} ${header.CamelWaybillTrigger}\"}";

  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void empty() {
    home = RoadHome.in(folder);
  }

  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofSeconds(90));
  }

  private RoadHome table(String flow) {
    return home.table(flow, "id UInt64, text String");
  }

  /** A flow whose source brings one message with the parameter day. */
  private void message(String flow, String from) {
    table(flow)
        .route(
            flow,
            """
            - route:
                id: %s
                from:
                  uri: "%s"
                  steps:
                    - setBody:
                        simple: '%s'
                    - to: %s
            """
                .formatted(flow, from, ROW, home.target(flow, "")));
  }

  private List<TriggerRow> triggers(String flow) {
    List<TriggerRow> triggers =
        new ArrayList<>(home.ledger(reader -> reader.triggers(Optional.of(flow), 1000)));
    Collections.reverse(triggers);
    return triggers;
  }

  private List<TriggerState> states(String flow) {
    return triggers(flow).stream().map(TriggerRow::state).toList();
  }

  private void order(Order order) {
    assertThat(home.order(order).outcome()).isEqualTo(Answer.Outcome.DONE);
  }

  private static Order trigger(String flow) {
    return new Order.Trigger(flow, Map.of("day", "2026-01-31"), "");
  }

  @Test
  void aTimerBringsOneMessageWithTheParameters() {
    message("t", "timer:t?period=3600000&delay=3600000");
    try (Application application = home.start(false)) {
      order(trigger("t"));
      patiently().until(() -> states("t").equals(List.of(TriggerState.COMPLETED)));
      patiently().until(() -> application.auditPending() == 0);
    }
    TriggerRow only = triggers("t").get(0);
    assertThat(home.rows("t", "id, text")).containsExactly("1\t2026-01-31 " + only.id());
    assertThat(home.runs("t")).singleElement().matches(run -> run.trigger().equals(only.id()));
    assertThat(only.kind()).isEqualTo(TriggerKind.MANUAL);
    assertThat(only.attempts()).isEqualTo(1);
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void whereNothingServesTheFlowIsStartedOnceAndTheAnswerTellsHowItEnded() {
    message("t", "timer:t?period=100");
    Answer answer = home.order(trigger("t"));
    assertThat(answer).returns(Answer.Outcome.DONE, Answer::outcome);
    assertThat(answer.lines()).singleElement().asString().contains("completed");
    assertThat(home.rows("t", "id")).containsExactly("1");
    assertThat(states("t")).containsExactly(TriggerState.COMPLETED);
  }

  @Test
  void aFolderIsReadUntilItBringsNothingNew() {
    table("f").movingFlow("f", "").set("waybill.flows.f.schedule", EVERY_YEAR);
    home.drop("f", "a.csv", "id,text\n1,a\n");
    home.drop("f", "b.csv", "id,text\n2,b\n");
    try (Application application = home.start(false)) {
      patiently().until(() -> home.flow("f").nextDue().isPresent());
      assertThat(home.runs("f")).isEmpty();
      order(trigger("f"));
      patiently().until(() -> states("f").equals(List.of(TriggerState.COMPLETED)));
      home.drop("f", "c.csv", "id,text\n3,c\n");
      order(trigger("f"));
      patiently().until(() -> states("f").size() == 2 && home.states("f").size() == 3);
      patiently().until(() -> application.auditPending() == 0);
    }
    assertThat(home.rows("f", "id, text")).containsExactly("1\ta", "2\tb", "3\tc");
    String first = triggers("f").get(0).id();
    String second = triggers("f").get(1).id();
    assertThat(home.runs("f"))
        .extracting(run -> run.trigger())
        .containsExactly(first, first, second);
  }

  @Test
  void aFlowThatIsPolledAnywayIsPolledForTheTriggerToo() {
    table("f").flow("f", "");
    try (Application application = home.start(false)) {
      home.drop("f", "a.csv", "id,text\n1,a\n");
      order(trigger("f"));
      patiently().until(() -> states("f").equals(List.of(TriggerState.COMPLETED)));
      patiently().until(() -> home.states("f").equals(List.of("completed")));
      assertThat(application.holds()).isEmpty();
    }
    assertThat(home.rows("f", "id")).containsExactly("1");
  }

  @Test
  void anOrderForAFlowThatIsNotThereOrCannotBeStartedIsRefused() {
    message("t", "seda:t");
    Answer missing = home.order(trigger("nobody"));
    assertThat(missing.outcome()).isEqualTo(Answer.Outcome.REFUSED);
    assertThat(missing.lines().get(0)).contains("nobody is not loaded");
    assertThat(home.order(new Order.Trigger("t", Map.of("a b", "1"), "")).outcome())
        .isEqualTo(Answer.Outcome.REFUSED);
  }

  private void failing(String flow) {
    table(flow)
        .route(
            flow,
            """
            - route:
                id: %1$s
                from:
                  uri: timer:%1$s?delay=3600000
                  steps:
                    - throwException:
                        exceptionType: java.lang.IllegalArgumentException
                        message: no
                    - to: %2$s
            """
                .formatted(flow, home.target(flow, "")));
  }

  @Test
  void aFailureInTheRouteFailsTheTrigger() {
    failing("t");
    assertThat(home.order(trigger("t")).outcome()).isEqualTo(Answer.Outcome.HELD_OR_FAILED);
    assertThat(states("t")).containsExactly(TriggerState.FAILED);
    assertThat(triggers("t").get(0).reason()).contains("IllegalArgumentException");
  }

  @Test
  void aFailureInTheRouteFailsTheTriggerOfAPolledFlowToo() {
    table("f")
        .route(
            "f",
            """
            - route:
                id: f
                from:
                  uri: file:in/f?initialDelay=3600000
                  steps:
                    - throwException:
                        exceptionType: java.lang.IllegalArgumentException
                        message: no
                    - to: %s
            """
                .formatted(home.target("f", "")));
    home.drop("f", "a.csv", "id,text\n1,a\n");
    assertThat(home.order(trigger("f")).outcome()).isEqualTo(Answer.Outcome.HELD_OR_FAILED);
    assertThat(states("f")).containsExactly(TriggerState.FAILED);
    assertThat(triggers("f").get(0).reason()).contains("IllegalArgumentException");
    assertThat(home.files("in/f")).containsExactly("a.csv");
  }

  @Test
  void aSourceThatPushesCannotBeStarted() {
    message("t", "seda:t");
    Answer answer = home.order(trigger("t"));
    assertThat(answer.outcome()).isEqualTo(Answer.Outcome.REFUSED);
    assertThat(answer.lines().get(0)).contains("seda: brings what it has");
    assertThat(triggers("t")).isEmpty();
  }

  @Test
  void aRunIsMarkedUnlessItsBatchesAreInDoubt() {
    table("f").movingFlow("f", "maxBadRows=1");
    home.drop("f", "a.csv", "id,text\n1,a\n");
    home.drop("f", "b.csv", "id,text\nx,a\ny,b\nz,c\n");
    home.once();
    String good = run(RunState.COMPLETED);
    String failed = run(RunState.FAILED);
    order(new Order.MarkRun(good, "failed", "a.csv was the wrong file"));
    assertThat(home.runs("f")).allMatch(run -> run.state() == RunState.FAILED);
    order(new Order.MarkRun(good, "completed", "it was not"));
    assertThat(run(RunState.COMPLETED)).isEqualTo(good);
    for (Order order :
        List.of(
            new Order.MarkRun(failed, "completed", "b.csv is not needed"),
            new Order.MarkRun(good, "great", "no"),
            new Order.MarkRun(good, "failed", " "),
            new Order.CancelRun(good))) {
      assertThat(home.order(order).outcome()).isEqualTo(Answer.Outcome.REFUSED);
    }
    assertThat(run(RunState.FAILED)).isEqualTo(failed);
  }

  private String run(RunState state) {
    return home.runs("f").stream()
        .filter(run -> run.state() == state)
        .findFirst()
        .orElseThrow()
        .id();
  }

  @Test
  void anyOfTheFlowsIsEnoughWhereTheRouteSaysSo() {
    table("a").movingFlow("a", "");
    table("b").movingFlow("b", "");
    message("c", "waybill-after:c?flows=a,b&mode=any");
    home.once();
    home.drop("a", "1.csv", "id,text\n1,a\n");
    home.once();
    assertThat(states("c")).containsExactly(TriggerState.COMPLETED);
    home.drop("b", "1.csv", "id,text\n1,b\n");
    home.once();
    assertThat(states("c")).containsExactly(TriggerState.COMPLETED, TriggerState.COMPLETED);
  }

  @Test
  void theExampleOfTheDocumentationRunsAsPrinted() throws IOException {
    String docs = Files.readString(Path.of("docs/routes.md"));
    String from = docs.substring(docs.indexOf("## Flows that wait for others"));
    String yaml =
        from.substring(from.indexOf("- route:"), from.indexOf("```", from.indexOf("- route:")));
    home.route("sums", yaml.replace("shop.", home.database() + "."));
    home.table("sums", "day Date, orders UInt64");
    table("orders").movingFlow("orders", "");
    table("prices").movingFlow("prices", "");
    home.once();
    home.drop("orders", "1.csv", "id,text\n1,a\n2,b\n");
    home.drop("prices", "1.csv", "id,text\n1,a\n");
    home.once();
    assertThat(states("daily-sums")).containsExactly(TriggerState.COMPLETED);
    assertThat(home.rows("sums", "orders")).containsExactly("2");
  }

  @Test
  void aScheduleStartsATimerFlowOnceForEachDueTime() {
    message("t", "timer:t?period=10");
    home.set("waybill.flows.t.schedule", "* * * * * ?").set("waybill.flows.t.concurrency", "queue");
    try (Application application = home.start(false)) {
      patiently().until(() -> home.runs("t").size() >= 3);
      assertThat(application.holds()).isEmpty();
      assertThat(home.flow("t").schedule()).contains("* * * * * ?");
    }
    List<TriggerRow> all = triggers("t");
    assertThat(all).extracting(TriggerRow::due).doesNotHaveDuplicates();
    assertThat(all).extracting(TriggerRow::kind).containsOnly(TriggerKind.SCHEDULE);
    assertThat(home.runs("t")).extracting(run -> run.trigger()).doesNotHaveDuplicates();
    // what the stop left open is seen to by the next start, once
    try (Application application = home.start(false)) {
      patiently()
          .until(
              () ->
                  all.stream()
                      .allMatch(
                          each ->
                              triggers("t").stream()
                                  .anyMatch(
                                      now ->
                                          now.id().equals(each.id())
                                              && now.state() == TriggerState.COMPLETED)));
      assertThat(application.holds()).isEmpty();
    }
    for (TriggerRow each : all) {
      assertThat(home.rows("t", "text")).containsOnlyOnce(" " + each.id());
    }
  }

  @Test
  void dependantsAreStartedOncePerSet() {
    table("a").movingFlow("a", "");
    table("b").movingFlow("b", "");
    message("c", "waybill-after:c?flows=a,b");
    message("d", "waybill-after:d?flows=c");
    home.drop("a", "1.csv", "id,text\n1,a\n");
    home.once();
    assertThat(triggers("c")).isEmpty();
    home.drop("b", "1.csv", "id,text\n1,b\n");
    home.once();
    assertThat(states("c")).containsExactly(TriggerState.COMPLETED);
    assertThat(states("d")).containsExactly(TriggerState.COMPLETED);
    home.drop("b", "2.csv", "id,text\n2,b\n");
    home.once();
    assertThat(states("c")).hasSize(1);
    assertThat(home.rows("c", "id")).hasSize(1);
    assertThat(home.rows("d", "id")).hasSize(1);
    assertThat(triggers("c").get(0).by()).contains("a ").contains("b ");
  }

  @Test
  void aCircleIsRefusedWithItsPath() {
    message("a", "waybill-after:a?flows=b");
    message("b", "waybill-after:b?flows=c");
    message("c", "waybill-after:c?flows=a");
    assertThat(home.once().problems())
        .singleElement()
        .asString()
        .contains("c.camel.yaml")
        .contains("circle")
        .contains("c -> b -> a -> c");
  }

  @Test
  void aFailedFlowDoesNotStartWhatWaitsForItUnlessAnyEndCounts() {
    failing("a");
    message("c", "waybill-after:c?flows=a");
    message("e", "waybill-after:e?flows=a&when=any");
    try (Application application = home.start(false)) {
      order(trigger("a"));
      patiently().until(() -> states("e").equals(List.of(TriggerState.COMPLETED)));
      assertThat(application.holds()).isEmpty();
    }
    assertThat(states("a")).containsExactly(TriggerState.FAILED);
    assertThat(triggers("c")).isEmpty();
    List<UpstreamRow> upstreams = home.ledger(reader -> reader.upstreams());
    assertThat(upstreams).extracting(UpstreamRow::state).containsOnly("failed");
  }

  @Test
  void aPausedFlowRestsAcrossRestartsUntilItIsResumed() {
    table("f").movingFlow("f", "");
    try (Application application = home.start(false)) {
      order(new Order.Pause("f"));
      assertThat(application.holds()).hasSize(1);
    }
    home.drop("f", "a.csv", "id,text\n1,a\n");
    try (Application application = home.start(false)) {
      assertThat(application.holds())
          .singleElement()
          .matches(hold -> hold.reason().contains("paused by"));
      assertThat(home.flow("f").pause()).isPresent();
      assertThat(home.order(trigger("f")).outcome()).isEqualTo(Answer.Outcome.REFUSED);
      assertThat(home.files("in/f")).containsExactly("a.csv");
      order(new Order.Resume("f"));
      patiently().until(() -> home.states("f").equals(List.of("completed")));
    }
    assertThat(home.flow("f").pause()).isEmpty();
    assertThat(home.rows("f", "id")).containsExactly("1");
  }

  @Test
  void aBackfillStartsTheFlowOnceForEachDate() {
    message("t", "timer:t?delay=3600000");
    try (Application application = home.start(false)) {
      order(new Order.Backfill("t", "2026-01-01", "2026-01-06", "1d", 2, Map.of()));
      patiently()
          .until(
              () ->
                  states("t").size() == 6
                      && states("t").stream().allMatch(TriggerState.COMPLETED::equals));
      assertThat(application.holds()).isEmpty();
    }
    assertThat(
            home.query(
                "SELECT substring(text, 1, 10) FROM %s.t ORDER BY 1".formatted(home.database())))
        .isEqualTo("2026-01-01\n2026-01-02\n2026-01-03\n2026-01-04\n2026-01-05");
    TriggerRow parent = triggers("t").get(0);
    assertThat(triggers("t").stream().skip(1)).allMatch(part -> part.parent().equals(parent.id()));
  }

  /** A flow that works for ten minutes before it delivers. */
  private void slow() {
    home.route(
        "slow",
        """
        - route:
            id: slow
            from:
              uri: timer:slow?delay=3600000
              steps:
                - delay:
                    asyncDelayed: false
                    constant: 600000
                - setBody:
                    constant: '{"id": 1, "text": "a"}'
                - to: %s
        """
            .formatted(home.target("t", "")));
  }

  @Test
  void aTriggerThatIsCancelledStopsAndWhatArrivedStays() {
    message("t", "timer:t?delay=3600000");
    slow();
    try (Application application = home.start(false)) {
      order(trigger("slow"));
      patiently().until(() -> states("slow").equals(List.of(TriggerState.RUNNING)));
      order(new Order.CancelTrigger(triggers("slow").get(0).id()));
      patiently().until(() -> states("slow").equals(List.of(TriggerState.CANCELLED)));
      assertThat(application.holds()).isEmpty();
    }
    assertThat(home.rows("t", "id")).isEmpty();
  }

  @Test
  void aTriggerThatTakesTooLongIsStopped() {
    message("t", "timer:t?delay=3600000");
    home.set("waybill.flows.slow.timeout", "300ms");
    slow();
    assertThat(home.order(trigger("slow")).outcome()).isEqualTo(Answer.Outcome.HELD_OR_FAILED);
    assertThat(states("slow")).containsExactly(TriggerState.TIMED_OUT);
  }
}
