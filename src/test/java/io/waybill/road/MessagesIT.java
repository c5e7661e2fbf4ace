package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.camel.FlowHold;
import io.waybill.testing.TestArtemis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single messages that are collected into batches, of a timer and of a real broker. */
final class MessagesIT {
  private static final String FLOW = "messages";
  private static final int MANY = 10_000;
  private static final int KILLS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  @TempDir Path folder;
  @TempDir Path brokerFolder;
  private RoadHome home;
  private TestArtemis broker;

  @BeforeEach
  void home() {
    home = RoadHome.in(folder).table(FLOW, "id UInt64, text String");
  }

  @AfterEach
  void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(condition);
  }

  private void broker(String options) throws Exception {
    broker = TestArtemis.start(brokerFolder);
    home.set(
            "camel.component.jms.connection-factory",
            "#class:org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory")
        .set("camel.component.jms.connection-factory.brokerURL", broker.url())
        .flowFrom(
            FLOW,
            "jms:queue:in?transacted=true&lazyCreateTransactionManager=false&cacheLevelName=CACHE_CONSUMER&concurrentConsumers=20",
            options);
  }

  private static String row(long id) {
    return "{\"id\": %d, \"text\": \"text\\nof %d\"}".formatted(id, id);
  }

  private static Stream<String> rows(int from, int to) {
    return LongStream.range(from, to).mapToObj(MessagesIT::row);
  }

  private void assertWhole(int rows) {
    assertThat(
            home.rows(FLOW, "count(), uniqExact(id), sum(id), countIf(text != 'text\\nof ' || id)"))
        .containsExactly("%d\t%d\t%d\t0".formatted(rows, rows, (long) rows * (rows - 1) / 2));
    Carried.assertPapers(home);
  }

  private void assertNothingWaits() {
    assertThat(home.files("data/spool/" + FLOW)).noneMatch(file -> file.startsWith("messages-"));
  }

  private void timer(int messages, String steps, String options) {
    home.route(
        FLOW,
        """
        - route:
            id: messages
            from:
              uri: timer:tick?period=1&delay=0&includeMetadata=true&repeatCount=%d
              steps:
        %s        - to: %s
                - setBody: {simple: "${header.CamelWaybillOutcome} ${header.CamelWaybillRows}"}
                - to: file:out?fileName=outcomes&fileExist=Append&appendChars=\\n
        """
            .formatted(messages, steps.indent(8), home.target(FLOW, options)));
  }

  private List<String> outcomes() throws Exception {
    return Files.readAllLines(folder.resolve("out/outcomes")).stream().distinct().toList();
  }

  @Test
  void messagesOfAnIntervalAreOneBatch() throws Exception {
    timer(
        500,
        "- setBody: {simple: '{\"id\": ${exchangeProperty.CamelTimerCounter}, \"text\": \"a\"}'}\n",
        "batchInterval=200ms");
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "count(), uniqExact(id), sum(id)"))
        .containsExactly("500\t500\t125250");
    assertThat(home.batches()).hasSizeLessThan(100);
    assertThat(outcomes()).containsExactly("spooled 1");
    Carried.assertPapers(home);
    assertNothingWaits();
  }

  @Test
  void messagesOfTextAreCollectedAsTheyAre() throws Exception {
    timer(
        20,
        "- setBody: {simple: '${exchangeProperty.CamelTimerCounter},\"a, b\"'}\n",
        "format=CSV&batchInterval=200ms");
    home.once();
    assertThat(home.rows(FLOW, "count(), sum(id), any(text)")).containsExactly("20\t210\ta, b");
    assertThat(outcomes()).containsExactly("spooled 1");
  }

  @Test
  void aMessageMayWaitUntilItIsInClickHouse() throws Exception {
    timer(
        3,
        "- setBody: {constant: '[{\"id\": 1, \"text\": \"a\"}, {\"id\": 2, \"text\": \"b\"}]'}\n",
        "batchInterval=50ms&ack=committed");
    home.once();
    assertThat(home.rows(FLOW, "count()")).containsExactly("6");
    assertThat(outcomes()).containsExactly("completed 2");
  }

  @Test
  void badMessagesAreDeadLettersAndTheOthersArrive() throws Exception {
    broker("batchInterval=100ms");
    broker.send(
        "in", IntStream.range(0, 100).mapToObj(i -> i % 10 == 3 ? "{\"id\": \"x\"}" : row(i)));
    home.once();
    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly("90\t90");
    assertThat(home.letters()).hasSize(10);
    assertThat(broker.waiting("in")).isZero();
  }

  @Test
  void moreThanTheSpoolMayHoldIsLeftInItsSource() throws Exception {
    home.set("waybill.spool.max-bytes", "20KB");
    broker("batchInterval=1h");
    broker.send("in", rows(0, 2000));
    try (Application application = home.start(true)) {
      await("a hold", () -> !application.holds().isEmpty());
      assertThat(application.holds())
          .extracting(FlowHold::reason)
          .singleElement()
          .asString()
          .contains("SPOOL_FULL");
    }
    assertThat(broker.waiting("in")).isPositive();
    home.set("waybill.spool.max-bytes", "1GB");
    broker.close();
    broker("batchInterval=100ms");
    home.once();
    assertWhole(2000);
    assertNothingWaits();
  }

  @Test
  void aConsumerThatAcknowledgesBeforehandIsRefused() throws Exception {
    broker("batchInterval=100ms");
    home.flowFrom(FLOW, "jms:queue:in", "batchInterval=100ms");
    broker.send("in", rows(0, 1));
    try (Application application = home.start(true)) {
      assertThat(application.holds())
          .extracting(FlowHold::reason)
          .singleElement()
          .asString()
          .contains("ACKNOWLEDGED_TOO_EARLY");
    }
    assertThat(broker.waiting("in")).isEqualTo(1);
  }

  @Test
  void killedWithMessagesOfABrokerEachArrivesOnce() throws Exception {
    broker("batchInterval=100ms&batchRows=1500");
    long seed = new Random().nextLong();
    System.out.println("MessagesIT: seed " + seed);
    Random random = new Random(seed);
    broker.send("in", rows(0, MANY));
    for (int i = 1; i <= KILLS; i++) {
      long left = MANY - (long) i * MANY / (KILLS + 1) + random.nextInt(200);
      try (Child child = home.child()) {
        await(
            "only %d left".formatted(left), () -> broker.waiting("in") <= left || !child.isAlive());
        assertThat(child.isAlive()).as(child.output()).isTrue();
        child.kill9();
      }
    }
    home.set("waybill.once.idle", "4s"); // until the broker offers again what the killed one had
    try (Child child = home.child("--once")) {
      assertThat(child.exitCode()).as(child.output()).isZero();
    }
    assertThat(broker.waiting("in")).isZero();
    assertWhole(MANY);
    assertNothingWaits();
  }
}
