package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.app.LocalUser;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Step;
import io.waybill.ledger.RunRow;
import io.waybill.policy.Identity;
import io.waybill.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Partitions of topics of a real broker: rows compared by content, each once. */
final class KafkaIT {
  private static final String FLOW = "events";
  private static final String FAST = "&sessionTimeoutMs=2000&heartbeatIntervalMs=500";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int MANY = Integer.getInteger("waybill.test.kafka.rows", 10_000);
  private static final int KILLS = 4;
  @TempDir static Path brokerFolder;
  private static TestKafka kafka;
  @TempDir Path folder;
  private RoadHome home;
  private String topic;

  @BeforeAll
  static void broker() {
    kafka = TestKafka.start(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @BeforeEach
  void home(TestInfo test) {
    home = RoadHome.in(folder).table(FLOW, "id UInt64, text String");
    topic = test.getTestMethod().orElseThrow().getName();
  }

  private void flow(String kafkaOptions, String options) {
    home.flowFrom(
        FLOW,
        "kafka:%s?brokers=%s&groupId=g-%s&batching=true&autoOffsetReset=earliest%s"
            .formatted(topic, kafka.brokers(), topic, kafkaOptions),
        options);
  }

  private static String row(long id) {
    return "{\"id\": %d, \"text\": \"text\\nof %d\"}".formatted(id, id);
  }

  private static Stream<String> rows(int from, int to) {
    return LongStream.range(from, to).mapToObj(KafkaIT::row);
  }

  private void assertDelivered() {
    RoadHome.Ended ended = home.once();
    assertThat(ended.holds()).isEmpty();
    assertThat(ended.problems()).isEmpty();
  }

  private void assertWhole(int rows) {
    assertThat(
            home.rows(FLOW, "count(), uniqExact(id), sum(id), countIf(text != 'text\\nof ' || id)"))
        .containsExactly("%d\t%d\t%d\t0".formatted(rows, rows, (long) rows * (rows - 1) / 2));
    Carried.assertPapers(home);
  }

  @Test
  void recordsArriveOnceAndOffsetsAreCommittedBehindThem() {
    kafka.topic(topic, 2, Map.of());
    flow("", "batchRows=100");
    kafka.send(topic, rows(0, 1000));
    assertDelivered();
    assertWhole(1000);
    assertThat(kafka.committed("g-" + topic, topic, 0)).isEqualTo(500);
    assertThat(home.states(FLOW)).containsOnly("completed");
    kafka.send(topic, rows(1000, 1500));
    home.once();
    assertWhole(1500);
  }

  @Test
  void whatIsNoRowIsADeadLetterAndStopsNothing() {
    kafka.topic(topic, 1, Map.of());
    flow("", "batchRows=7");
    kafka.send(
        topic,
        Stream.of(
            row(0),
            null,
            "garbage\nof two lines",
            row(1),
            "{\"id\": \"x\"}",
            "[" + row(2) + ",\n" + row(3) + "]",
            "[]",
            row(4),
            "{\"id\": ",
            row(5)));
    assertDelivered();
    assertWhole(6);
    assertThat(home.letters())
        .extracting(letter -> letter.errorName() + " " + letter.sourceOffset())
        .containsExactlyInAnyOrder(
            "NO_ROW 1",
            "NO_ROW 2",
            "NO_ROW 6",
            "NO_ROW 8",
            "CANNOT_PARSE_INPUT_ASSERTION_FAILED 4");
    assertThat(kafka.committed("g-" + topic, topic, 0)).isEqualTo(10);
  }

  private void atMost(int rows) {
    home.write(
        "policy.yaml",
        """
        version: 1
        environments:
          all: { tables: ["%s.*"], max-rows-per-run: %d }
        roles:
          loader:
            write: [all]
            operate: [all]
            members: [{ local: %s }]
        flows: { default-role: loader }
        """
            .formatted(home.database(), rows, LocalUser.name()));
  }

  @Test
  void aRunThatWouldBringTooMuchFailsAndGoesOnWhenItMay() {
    kafka.topic(topic, 1, Map.of());
    flow(FAST, "batchRows=10");
    atMost(25);
    kafka.send(topic, rows(0, 60));

    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "count()")).as(home.runs(FLOW).toString()).containsExactly("20");
    RunRow failed = home.runs(FLOW).get(0);
    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.reason()).isEqualTo("the run would bring more than 25 rows (policy.yaml:3)");
    home.once();
    assertThat(home.rows(FLOW, "count()")).as("nobody ordered it").containsExactly("20");

    goOn(failed);
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "count()")).as("as much again").containsExactly("40");
    assertThat(home.states(FLOW)).containsExactly("completed", "failed");

    atMost(100);
    goOn(home.runs(FLOW).get(1));
    assertDelivered();
    assertWhole(60);
    assertThat(home.states(FLOW)).containsOnly("completed");
    assertThat(kafka.committed("g-" + topic, topic, 0)).isEqualTo(60);
  }

  private void goOn(RunRow failed) {
    assertThat(home.order(new Order.Rerun(failed.id(), false, false)).outcome())
        .isEqualTo(Answer.Outcome.DONE);
  }

  @Test
  void columnsTellWhatARecordSaysOfItself() {
    // the broker would throw records of such an age away
    kafka.topic(topic, 1, Map.of("retention.ms", "-1"));
    home.table(
        "facts",
        "id UInt64, _topic String, _partition UInt32, o UInt64, _timestamp DateTime64(3, 'UTC'), _key String, _headers Map(String, String)");
    home.route(
        FLOW,
        """
        - route:
            id: events
            from:
              uri: kafka:%s?brokers=%s&groupId=g-facts&batching=true&autoOffsetReset=earliest
              steps:
                - to: %s
        """
            .formatted(
                topic,
                kafka.brokers(),
                home.target(
                    "facts", "kafkaColumns=topic,partition,offset:o,timestamp,key,headers")));
    try (KafkaProducer<String, String> producer = kafka.producer("")) {
      ProducerRecord<String, String> record =
          new ProducerRecord<>(topic, 0, 1_700_000_000_123L, "k\"1", "{ \"id\": 7 }");
      record.headers().add("trace", "a\\b".getBytes(StandardCharsets.UTF_8));
      var unused = producer.send(record);
      unused = producer.send(new ProducerRecord<>(topic, 0, 1_700_000_000_123L, "k2", "{}"));
    }
    assertDelivered();
    assertThat(home.rows("facts", "id, _topic, _partition, o, _timestamp, _key, _headers"))
        .containsExactly(
            "0\t%s\t0\t1\t2023-11-14 22:13:20.123\tk2\t{}".formatted(topic),
            "7\t%s\t0\t0\t2023-11-14 22:13:20.123\tk\"1\t{'trace':'a\\\\b'}".formatted(topic));
  }

  @Test
  void stepsSeeTheMessagesAndWhatTheyMakeOfThemIsDelivered() {
    kafka.topic(topic, 1, Map.of());
    home.route(
        FLOW,
        """
        - route:
            id: events
            from:
              uri: kafka:%s?brokers=%s&groupId=g&batching=true&autoOffsetReset=earliest
              steps:
                - filter:
                    simple: "${header[kafka.OFFSET]} < 20"
                    steps:
                      - setBody: {simple: "${body.subList(0, 5)}"}
                      - to: %s
        """
            .formatted(topic, kafka.brokers(), home.target(FLOW, "batchRows=10")));
    kafka.send(topic, rows(0, 40));
    assertDelivered();
    assertThat(home.rows(FLOW, "groupArray(id)")).hasSize(1);
    assertThat(home.rows(FLOW, "arraySort(groupArray(id))"))
        .containsExactly("[0,1,2,3,4,10,11,12,13,14]");
    assertThat(kafka.committed("g", topic, 0)).isEqualTo(40);
  }

  @Test
  void aGroupThatIsSetBackDoublesNothing() {
    kafka.topic(topic, 1, Map.of());
    flow("", "");
    kafka.send(topic, rows(0, 50));
    assertDelivered();
    kafka.setOffset("g-" + topic, topic, 0, 10);
    kafka.send(topic, rows(50, 60));
    assertDelivered();
    assertWhole(60);
  }

  @Test
  void aGroupThatIsSetForwardGoesOnThere() {
    kafka.topic(topic, 1, Map.of());
    flow("", "");
    kafka.send(topic, rows(0, 10));
    assertDelivered();
    kafka.send(topic, Stream.of("{\"id\": 99}"));
    kafka.setOffset("g-" + topic, topic, 0, 11);
    kafka.send(topic, rows(10, 20));
    assertDelivered();
    assertWhole(20);
  }

  @Test
  void aTopicThatWasMadeAnewIsAnotherSource() {
    kafka.topic(topic, 1, Map.of());
    flow("", "");
    kafka.send(topic, rows(0, 10));
    assertDelivered();
    kafka.delete(topic);
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> kafka.topic(topic, 1, Map.of()) != null);
    kafka.send(topic, rows(10, 30));
    assertDelivered();
    assertWhole(30);
  }

  @Test
  void recordsOfAbortedTransactionsAreNotSeen() {
    kafka.topic(topic, 1, Map.of());
    flow("", "batchRows=15");
    try (KafkaProducer<String, String> producer = kafka.producer("t")) {
      producer.initTransactions();
      for (int i = 0; i < 10; i++) {
        producer.beginTransaction();
        for (int row = 10 * i; row < 10 * (i + 1); row++) {
          var unused = producer.send(new ProducerRecord<>(topic, row(row)));
        }
        producer.commitTransaction();
        producer.beginTransaction();
        var unused = producer.send(new ProducerRecord<>(topic, "{\"id\": 12345}"));
        producer.abortTransaction();
      }
    }
    assertDelivered();
    assertWhole(100);
    // the mark of the last transaction lies behind the last record
    assertThat(kafka.committed("g-" + topic, topic, 0))
        .isBetween(kafka.end(topic, 0) - 1, kafka.end(topic, 0));
    assertDelivered();
    assertWhole(100);
  }

  @Test
  void recordsThatWereDeletedUndeliveredHoldTheFlow() throws Exception {
    kafka.topic(topic, 1, Map.of());
    flow("", "");
    kafka.send(topic, rows(0, 10));
    assertDelivered();
    kafka.send(topic, rows(10, 30));
    kafka
        .admin()
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(20)))
        .all()
        .get();
    assertThat(home.once().holds())
        .singleElement()
        .asString()
        .contains("RECORDS_EXPIRED", "10 to 20");
    kafka.setOffset("g-" + topic, topic, 0, 20);
    assertDelivered();
    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly("20\t20");
  }

  @Test
  void aGroupWithMembersElsewhereIsHeld() {
    kafka.topic(topic, 2, Map.of());
    flow("", "");
    Properties client = new Properties();
    client.put("bootstrap.servers", kafka.brokers());
    client.put("group.id", "g-" + topic);
    try (KafkaConsumer<byte[], byte[]> other =
            new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Application application = home.start(false)) {
      other.subscribe(List.of(topic));
      await(
          "a hold",
          () -> {
            var unused = other.poll(Duration.ofMillis(100));
            return application.holds().stream()
                .anyMatch(hold -> hold.reason().contains("SHARED_GROUP"));
          });
    }
  }

  @Test
  void twoConsumersShareWhatPartitionsThereAreAndComeToBe() throws Exception {
    kafka.topic(topic, 3, Map.of());
    flow(FAST + "&consumersCount=2&metadataMaxAgeMs=500", "batchRows=50&batchInterval=100ms");
    try (Application application = home.start(false)) {
      kafka.send(topic, rows(0, 1000));
      await("the first", () -> count() >= 500);
      kafka.partitions(topic, 5);
      kafka.send(topic, rows(1000, 2000));
      await("all of it", () -> count() == 2000);
      assertThat(application.holds()).isEmpty();
    }
    assertWhole(2000);
    assertThat(home.states(FLOW)).containsOnly("completed");
  }

  @Test
  void whileItIsHeldItStaysAMemberAndThenGoesOn() throws Exception {
    kafka.topic(topic, 1, Map.of());
    flow(FAST + "&maxPollIntervalMs=3000", "batchRows=50&batchInterval=100ms");
    try (Application application = home.start(false)) {
      kafka.send(topic, rows(0, 100));
      await("the first", () -> count() == 100);
      await("no lag", () -> lag(application).equals("0.0"));
      home.query("RENAME TABLE %1$s.events TO %1$s.away".formatted(home.database()));
      kafka.send(topic, rows(100, 300));
      await("a hold", () -> !application.holds().isEmpty());
      await("the membership", () -> members() == 1);
      await("the lag", () -> lag(application).matches("[1-9].*"));
      home.query("RENAME TABLE %1$s.away TO %1$s.events".formatted(home.database()));
      await("all of it", () -> count() == 300);
    }
    assertWhole(300);
  }

  /** What the meter says of the only partition. */
  private static String lag(Application application) {
    return application
        .vitals()
        .orElseThrow()
        .metrics()
        .body()
        .lines()
        .filter(line -> line.startsWith("waybill_source_lag_records{"))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .collect(Collectors.joining(","));
  }

  private int members() throws Exception {
    return kafka
        .admin()
        .describeConsumerGroups(List.of("g-" + topic))
        .all()
        .get()
        .get("g-" + topic)
        .members()
        .size();
  }

  private long count() {
    return Long.parseLong(home.rows(FLOW, "count()").get(0));
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAN", "PLANNED", "SEND", "SENT", "COMMITTED"})
  void killedAtAStepEachRecordArrivesOnce(Step step) {
    topic = "killed-" + step;
    kafka.topic(topic, 2, Map.of());
    flow(FAST, "batchRows=100");
    kafka.send(topic, rows(0, 1000));
    for (int at = 1; at <= 3; at += 2) {
      try (Child child =
          Child.command(
              folder,
              List.of(),
              List.of("-Dwaybill.test.kill=" + step + ":" + at),
              List.of("run", "--once"))) {
        child.exitCode();
      }
    }
    assertDelivered();
    assertWhole(1000);
  }

  @Test
  void killedManyTimesTogetherWithTheBrokerEachRecordArrivesOnce() {
    kafka.topic(topic, 3, Map.of());
    flow(FAST + "&consumersCount=2", "batchRows=200&batchInterval=50ms");
    long seed = new Random().nextLong();
    System.out.println("KafkaIT: seed " + seed);
    Random random = new Random(seed);
    int sent = 0;
    for (int i = 0; i < KILLS; i++) {
      try (Child child = home.child()) {
        kafka.send(topic, rows(sent, sent + MANY / KILLS));
        sent += MANY / KILLS;
        long enough = count() + random.nextInt(MANY / KILLS / 2);
        await("more than " + enough, () -> count() > enough || !child.isAlive());
        assertThat(child.isAlive()).as(child.output()).isTrue();
        if (i % 2 == 1) {
          kafka.kill9();
          kafka.restart();
        }
        child.kill9();
      }
    }
    assertDelivered();
    assertWhole(sent);
  }

  @Test
  void gapsThatCompactionLeftAreGoneOver() throws Exception {
    int keys = 50;
    kafka.topic(
        topic,
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.01",
            "min.compaction.lag.ms", "0",
            "delete.retention.ms", "100"));
    flow("", "batchRows=100&kafkaColumns=offset:id");
    int sent = 0;
    try (KafkaProducer<String, String> producer = kafka.producer("")) {
      do {
        for (int i = 0; i < 500; i++, sent++) {
          String text = "{\"text\": \"text\\nof %d\"}".formatted(sent);
          var unused = producer.send(new ProducerRecord<>(topic, "k" + sent % keys, text));
        }
        producer.flush();
      } while (readable() > sent / 2);
    }
    assertDelivered();
    List<String> rows = home.rows(FLOW, "id, text = 'text\nof ' || id");
    assertThat(rows).hasSizeLessThan(sent).doesNotHaveDuplicates();
    assertThat(rows)
        .contains(
            LongStream.range(sent - keys, sent).mapToObj(id -> id + "\t1").toArray(String[]::new))
        .allMatch(row -> row.endsWith("\t1"));
    assertThat(kafka.committed("g-" + topic, topic, 0)).isEqualTo(sent);
    assertDelivered();
    assertThat(home.rows(FLOW, "count()")).containsExactly(Integer.toString(rows.size()));
    Carried.assertPapers(home);
  }

  /** How many records a reader from the beginning sees. */
  private long readable() {
    Properties client = new Properties();
    client.put("bootstrap.servers", kafka.brokers());
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      reader.assign(List.of(partition));
      reader.seek(partition, 0);
      long end = kafka.end(topic, 0);
      long read = 0;
      while (reader.position(partition) < end) {
        read += reader.poll(Duration.ofMillis(200)).count();
      }
      return read;
    }
  }

  @Test
  void theExampleDelivers() throws Exception {
    kafka.topic(topic, 1, Map.of());
    home.write(
        "routes/kafka.camel.yaml",
        Files.readString(Path.of("routes", "examples", "kafka.camel.yaml")));
    home.set("kafka.brokers", kafka.brokers())
        .set("kafka.topic", topic)
        .set("kafka.table", home.database() + ".made");
    kafka.send(topic, rows(0, 3));
    assertDelivered();
    assertThat(home.rows("made", "id, _partition, _offset"))
        .containsExactly("0\t0\t0", "1\t0\t1", "2\t0\t2");
  }

  @Test
  void aTopicIsNoTableThatIsReadByKey() {
    kafka.topic(topic, 1, Map.of());
    for (String option : List.of("key=id&keyStart=0", "reload=exchange")) {
      flow("", option);
      assertThat(home.once().holds()).singleElement().asString().contains("NOT_A_TABLE");
    }
  }

  @Test
  void anOptionThatCommitsEarlyIsRefusedWithWhatToWrite() {
    kafka.topic(topic, 1, Map.of());
    flow("&autoCommitEnable=true", "");
    assertThat(home.once().problems())
        .singleElement()
        .asString()
        .contains("autoCommitEnable", "take it out");
    flow("&batchingIntervalMs=100", "");
    assertThat(home.once().problems()).singleElement().asString().contains("batchInterval=1s");
    home.flowFrom(FLOW, "kafka:%s?brokers=%s&groupId=g".formatted(topic, kafka.brokers()), "");
    assertThat(home.once().problems()).singleElement().asString().contains("add batching=true");
    home.flowFrom(FLOW, "kafka:%s?brokers=%s&batching=true".formatted(topic, kafka.brokers()), "");
    assertThat(home.once().problems()).singleElement().asString().contains("add groupId=NAME");
  }

  @Test
  void aRangeInDoubtThatIsNotWhatItWasFailsItsRunUntilItIsAgain() {
    kafka.topic(topic, 1, Map.of());
    flow(FAST, "batchRows=100");
    kafka.send(topic, rows(0, 300));
    try (Child child =
        Child.command(
            folder, List.of(), List.of("-Dwaybill.test.kill=SENT:2"), List.of("run", "--once"))) {
      child.exitCode();
    }
    flow(FAST, "batchRows=100&kafkaColumns=offset:id");
    home.once();
    RunRow failed = home.runs(FLOW).get(0);
    assertThat(failed.state().label()).isEqualTo("failed");
    assertThat(failed.reason()).contains("source changed");
    home.once();
    assertThat(home.states(FLOW)).containsExactly("failed");
    flow(FAST, "batchRows=100");
    assertThat(home.order(new Order.Rerun(failed.id(), false, false)).lines())
        .singleElement()
        .asString()
        .contains("goes on with its flow");
    assertDelivered();
    assertWhole(300);
  }

  @Test
  void whatIsOrderedAgainComesAgainFromTheRunOnAlsoAfterACrash() {
    kafka.topic(topic, 1, Map.of());
    flow(FAST, "batchRows=100");
    kafka.send(topic, rows(0, 300));
    assertDelivered();
    kafka.send(topic, rows(300, 500));
    assertDelivered();
    RunRow later = home.runs(FLOW).get(1);
    assertThat(home.order(new Order.Rerun(later.id(), true, false)).lines())
        .singleElement()
        .asString()
        .contains("once more from offset 300 on");
    try (Child child =
        Child.command(
            folder, List.of(), List.of("-Dwaybill.test.kill=SENT:1"), List.of("run", "--once"))) {
      child.exitCode();
    }
    assertDelivered();
    assertThat(home.rows(FLOW, "count(), uniqExact(id), countIf(id < 300)"))
        .containsExactly("700\t500\t300");
    kafka.send(topic, rows(500, 600));
    assertDelivered();
    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly("800\t600");
    assertThat(kafka.committed("g-" + topic, topic, 0)).isEqualTo(600);
  }

  @Test
  void whatIsOrderedAgainWhileItFlowsComesAgain() {
    kafka.topic(topic, 1, Map.of());
    flow(FAST, "batchRows=100");
    kafka.send(topic, rows(0, 300));
    try (Application application = home.start(false)) {
      await("the first", () -> count() == 300);
      String run = home.runs(FLOW).get(0).id();
      assertThat(
              application
                  .orders()
                  .carryOut(new Order.Rerun(run, true, false), Identity.local("test"))
                  .lines())
          .singleElement()
          .asString()
          .contains("once more from offset 0 on");
      kafka.send(topic, rows(300, 400));
      await("all of it", () -> count() == 700);
    }
    assertThat(home.rows(FLOW, "uniqExact(id), sum(id)"))
        .containsExactly("400\t" + (2 * 299 * 300 / 2 + (399 * 400 - 299 * 300) / 2));
  }
}
