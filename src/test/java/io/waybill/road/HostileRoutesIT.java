package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes that a user may write, by mistake or not: nothing is lost, doubled or redirected. */
final class HostileRoutesIT {
  private static final String FLOW = "flow";
  private static final String DELIVER = "routes/waybill/deliver.camel.yaml";
  private static final String AUDIT = "routes/waybill/audit.camel.yaml";
  private static final String[] ROWS = {"1\ta", "2\tb", "3\tc"};

  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void aFlowIntoATable() {
    home = RoadHome.in(folder);
    home.table(FLOW, "id UInt64, text String").movingFlow(FLOW, "batchRows=2");
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n3,c\n");
  }

  private static String route(String name, String steps) {
    return """
        - route:
            id: waybill-%1$s
            routeConfigurationId: waybill-delivery
            from:
              uri: direct:waybill-%1$s
              steps:
        """
            .formatted(name)
        + steps.indent(8);
  }

  private void assertDelivered() {
    assertThat(home.rows(FLOW, "id, text")).containsExactly(ROWS);
    assertThat(home.states(FLOW)).containsExactly("completed");
    assertThat(home.files("in/flow")).isEmpty();
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  private void assertHeldAndThenDeliveredWithoutIt(String reason) throws IOException {
    RoadHome.Ended ended = home.once();
    assertThat(ended.holds()).singleElement().asString().contains(reason);
    assertThat(home.rows(FLOW, "id, text")).isEmpty();
    assertThat(home.files("in/flow")).containsExactly("a.csv");
    Files.delete(folder.resolve(DELIVER));
    home.once();
    assertDelivered();
  }

  @Test
  void aDeliverRouteThatFiltersEverything() throws IOException {
    home.write(
        DELIVER,
        route(
            "deliver",
            """
            - filter:
                simple: ${header.CamelWaybillBatch} == 'none'
                steps:
                  - to: clickhouse:waybill
            """));
    assertHeldAndThenDeliveredWithoutIt("returned without inserting");
  }

  @Test
  void aDeliverRouteThatSwallowsWhatWentWrongBeforeTheInsert() throws IOException {
    home.write(
        DELIVER,
        route(
            "deliver",
            """
            - doTry:
                steps:
                  - throwException:
                      exceptionType: java.lang.IllegalStateException
                      message: before
                  - to: clickhouse:waybill
                doCatch:
                  - exception: [java.lang.Exception]
                    steps:
                      - log: swallowed
            """));
    assertHeldAndThenDeliveredWithoutIt("returned without inserting");
  }

  @Test
  void aDeliverRouteThatChangesTheBody() throws IOException {
    home.write(
        DELIVER,
        route(
            "deliver",
            """
            - setBody:
                constant: "id,text\\n666,forged\\n"
            - to: clickhouse:waybill
            """));
    RoadHome.Ended ended = home.once();
    assertThat(ended.holds()).hasSize(1);
    assertThat(home.rows(FLOW, "id, text")).isEmpty();
    assertThat(home.files("in/flow")).containsExactly("a.csv");
    Files.delete(folder.resolve(DELIVER));
    home.once();
    assertDelivered();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        - to: clickhouse:waybill
        - throwException:
            exceptionType: java.lang.IllegalStateException
            message: behind
        """,
        """
        - to: clickhouse:waybill
        - to: clickhouse:waybill
        """,
        """
        - setHeader:
            name: CamelClickHouseTable
            constant: other
        - setHeader:
            name: CamelWaybillToken
            constant: forged
        - to: clickhouse:elsewhere.other
        - setBody:
            constant: changed behind
        """
      })
  void aDeliverRouteThatDoesStrangeThingsAroundTheInsert(String steps) {
    home.write(DELIVER, route("deliver", steps));
    home.once();
    assertDelivered();
  }

  @Test
  void aDeliverRouteThatSwallowsThatTheTableIsGone() {
    home.write(
        DELIVER,
        route(
            "deliver",
            """
            - doTry:
                steps:
                  - to: clickhouse:waybill
                doCatch:
                  - exception: [java.lang.Exception]
                    steps:
                      - log: swallowed
            """));
    // only one of the rows is refused, and its refusal is swallowed as well
    home.drop(FLOW, "a.csv", "id,text\n1,a\nno number,b\n3,c\n");
    home.once();
    assertThat(home.files("in/flow")).containsExactly("a.csv");
    assertThat(home.states(FLOW)).doesNotContain("completed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "errorHandler: {deadLetterChannel: {deadLetterUri: 'log:dead'}}",
        "errorHandler: {deadLetterChannel: {deadLetterUri: 'direct:nowhere'}}"
      })
  void aFlowThatWouldAcknowledgeWhatDidNotArrive(String handling) {
    home.route(
        "hostile",
        """
        - route:
            id: hostile
            %s
            from:
              uri: file:in/hostile?initialDelay=0&delay=50
              steps:
                - to: %s
        """
            .formatted(handling, home.target("missing", "")));
    home.drop("hostile", "a.csv", "id,text\n1,a\n");
    RoadHome.Ended ended = home.once();
    assertThat(home.files("in/hostile")).containsExactly("a.csv");
    assertThat(ended.problems())
        .singleElement()
        .asString()
        .contains("routes/hostile.camel.yaml")
        .contains("Waybill keeps refused records itself");
    assertDelivered();
  }

  @Test
  void aHandledOnExceptionOfTheFlowIsRefusedWithARemedyAndTheOthersRun() {
    home.write(
        "routes/Hostile.java",
        """
        import org.apache.camel.builder.RouteBuilder;

        public class Hostile extends RouteBuilder {
          @Override
          public void configure() {
            from("file:in/hostile?initialDelay=0&delay=50")
                .routeId("hostile")
                .onException(Exception.class).handled(true).end()
                .to("%s");
          }
        }
        """
            .formatted(home.target("missing", "")));
    home.drop("hostile", "a.csv", "id,text\n1,a\n");
    RoadHome.Ended ended = home.once();
    assertThat(ended.problems()).singleElement().asString().contains("leave handled out");
    assertThat(home.files("in/hostile")).containsExactly("a.csv");
    assertDelivered();
  }

  @Test
  void aTryAroundWaybillIsRefusedWithARemedyAndTheOthersRun() {
    home.route(
        "hostile",
        """
        - route:
            id: hostile
            from:
              uri: file:in/hostile?initialDelay=0&delay=50
              steps:
                - doTry:
                    steps:
                      - to: %s
                    doCatch:
                      - exception: [java.lang.Exception]
                        steps:
                          - log: swallowed
        """
            .formatted(home.target("missing", "")));
    home.drop("hostile", "a.csv", "id,text\n1,a\n");
    RoadHome.Ended ended = home.once();
    assertThat(ended.problems())
        .singleElement()
        .asString()
        .contains("take waybill: out of the doTry");
    assertThat(home.files("in/hostile")).containsExactly("a.csv");
    assertDelivered();
  }

  @Test
  void anAuditRouteThatThrowsKeepsTheEventsUntilItIsMended() throws IOException {
    home.write(
        AUDIT,
        route(
            "audit",
            """
            - throwException:
                exceptionType: java.lang.IllegalStateException
                message: no audit today
            - to: clickhouse:waybill.audit
            """));
    home.once();
    assertThat(home.rows(FLOW, "id, text")).containsExactly(ROWS);
    assertThat(home.audit()).isEmpty();
    long waiting = home.ledger(reader -> reader.outboxPending());
    assertThat(waiting).as("two batches, two route files, begin and end of the run").isEqualTo(6);
    Files.delete(folder.resolve(AUDIT));
    home.once();
    assertDelivered();
  }

  @Test
  void aDeadLetterRouteThatThrowsChangesNothing() throws IOException {
    home.write(
        "routes/waybill/dead-letter.camel.yaml",
        """
        - route:
            id: waybill-dead-letter
            from:
              uri: direct:waybill-dead-letter
              steps:
                - throwException:
                    exceptionType: java.lang.IllegalStateException
                    message: nobody listens
        """);
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\nno number,c\n");
    home.once();
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "2\tb");
    assertThat(home.states(FLOW)).containsExactly("completed_with_dead_letters");
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void forgedHeadersOfTheMessageRedirectNothing() {
    home.table("other", "id UInt64, text String");
    home.route(
        FLOW,
        """
        - route:
            id: flow
            from:
              uri: file:in/flow?initialDelay=0&delay=50
              steps:
                - setHeader: {name: CamelClickHouseTable, constant: other}
                - setHeader: {name: CamelClickHouseDatabase, constant: %1$s}
                - setHeader: {name: CamelClickHouseOperation, constant: ping}
                - setHeader: {name: CamelClickHouseFormat, constant: TSV}
                - setHeader: {name: CamelClickHouseDeduplicationToken, constant: forged}
                - setHeader: {name: CamelWaybillToken, constant: forged}
                - setHeader: {name: CamelWaybillOutcome, constant: completed}
                - to: %2$s
        """
            .formatted(home.database(), home.target(FLOW, "batchRows=2")));
    home.once();
    assertDelivered();
    assertThat(home.rows("other", "id")).isEmpty();
    assertThat(
            TestClickHouse.query(
                "SELECT countIf(_waybill_batch = 'forged') FROM %s.flow"
                    .formatted(home.database())))
        .isEqualTo("0");
  }
}
