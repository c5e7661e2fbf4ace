package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.camel.FlowHold;
import io.waybill.delivery.Step;
import io.waybill.testing.TestKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of Kafka whose values are no text. */
final class KafkaAvroIT {
  private static final String FLOW = "events";
  private static final int MANY = Integer.getInteger("waybill.test.messages", 3000);
  private static final Duration PATIENCE = Duration.ofSeconds(Math.max(90, MANY / 500));
  private static final int KILLS = 3;
  @TempDir static Path brokerFolder;
  private static TestKafka kafka;
  @TempDir Path folder;
  private Path registry;
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
  void home(TestInfo test) throws IOException {
    home = RoadHome.in(folder).table(FLOW, AvroValues.COLUMNS);
    topic = test.getTestMethod().orElseThrow().getName();
    registry = folder.resolve("registry");
    Files.writeString(registry, AvroValues.ALL.toString());
  }

  private String source(Class<?> deserializer) {
    return "kafka:%s?brokers=%s&groupId=g-%s&batching=true&autoOffsetReset=earliest&sessionTimeoutMs=2000&heartbeatIntervalMs=500&valueDeserializer=%s"
        .formatted(topic, kafka.brokers(), topic, deserializer.getName());
  }

  private void flow(String options) {
    home.flowFrom(
        FLOW,
        source(AvroValues.class)
            + "&additionalProperties.%s=%s".formatted(AvroValues.REGISTRY, registry),
        options);
  }

  private void send(Stream<byte[]> values) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.brokers(), "linger.ms", "5"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      values.forEach(
          value -> {
            var unused = producer.send(new ProducerRecord<>(topic, value));
          });
    }
  }

  private static Stream<byte[]> rows(long from, long to) {
    return LongStream.range(from, to).mapToObj(AvroValues::row);
  }

  private void assertDelivered() {
    RoadHome.Ended ended = home.once();
    assertThat(ended.holds()).isEmpty();
    assertThat(ended.problems()).isEmpty();
  }

  private long count() {
    return Long.parseLong(home.rows(FLOW, "count()").get(0));
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
  }

  /** Each of these rows once, and in all of its columns what was sent. */
  private void assertWhole(long rows) {
    assertThat(
            home.rows(
                FLOW,
                """
                count(), uniqExact(id), max(id), countIf(id % 2 = 1 and text != 'text\\nof ' || id),
                countIf(id % 2 = 0 and isNotNull(text)), countIf(place.x != id),
                countIf(either != if(id % 2 = 0, toString(id), 'some')),
                uniqExact(whole, single, double, yes, raw, fixed, color, list, map, place.at, day,
                  micros, local, price, uuid)"""))
        .containsExactly("%d\t%d\t%d\t0\t0\t0\t0\t1".formatted(rows, rows, rows - 1));
    Carried.assertPapers(home);
  }

  @Test
  void valuesOfEveryTypeArriveAsTheyAreMeant() {
    kafka.topic(topic, 1, Map.of());
    flow("batchRows=2");
    send(rows(0, 5));
    assertDelivered();
    assertThat(home.rows(FLOW, AvroValues.SEEN))
        .containsExactlyElementsOf(LongStream.range(0, 5).mapToObj(AvroValues::seen).toList());
    assertThat(home.states(FLOW)).containsExactly("completed");
  }

  @Test
  void whatCannotBeDecodedIsADeadLetterAndStopsNothing() {
    kafka.topic(topic, 1, Map.of());
    flow("batchRows=3");
    byte[] whole = AvroValues.row(9);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    send(
        Stream.of(
            AvroValues.row(0),
            "no magic".getBytes(StandardCharsets.UTF_8),
            AvroValues.row(1),
            half,
            null,
            AvroValues.row(2)));
    assertDelivered();
    assertWhole(3);
    assertThat(home.letters())
        .extracting(letter -> letter.errorName() + " " + letter.sourceOffset())
        .containsExactlyInAnyOrder("NO_ROW 1", "NO_ROW 3", "NO_ROW 4");
    assertThat(kafka.committed("g-" + topic, topic, 0)).isEqualTo(6);
  }

  @Test
  void aRegistryThatDoesNotAnswerHoldsTheFlowAndCostsNoRecord() throws Exception {
    kafka.topic(topic, 2, Map.of());
    flow("batchRows=50&batchInterval=100ms");
    send(rows(0, 200));
    Files.delete(registry);
    try (Application application = home.start(false)) {
      await("a hold", () -> !application.holds().isEmpty());
      assertThat(application.holds())
          .extracting(FlowHold::reason)
          .singleElement()
          .asString()
          .contains("RECORD_UNREADABLE", "value", "offset 0 of " + topic, "ConnectException");
      assertThat(count()).isZero();
      Files.writeString(registry, AvroValues.ALL.toString());
      await("all of it", () -> count() == 200);
      await("no hold", () -> application.holds().isEmpty());
    }
    assertWhole(200);
    assertThat(home.letters()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLANNED", "SENT", "COMMITTED"})
  void killedAtAStepEachRecordArrivesOnce(Step step) {
    topic = "killed-" + step;
    kafka.topic(topic, 2, Map.of());
    flow("batchRows=100");
    send(rows(0, 1000));
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
    flow("batchInterval=50ms&batchRows=" + Math.max(200, MANY / 200));
    long seed = Long.getLong("waybill.test.seed", new Random().nextLong());
    System.out.println("KafkaAvroIT: seed " + seed);
    Random random = new Random(seed);
    int sent = 0;
    for (int i = 0; i < KILLS; i++) {
      try (Child child = home.child()) {
        send(rows(sent, sent + MANY / KILLS));
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

  @ParameterizedTest
  @ValueSource(strings = {"avro", "protobuf"})
  void bytesThatTheRouteUnmarshalsArriveAndOthersAreDeadLetters(String format) throws Exception {
    topic = "bytes-" + format;
    kafka.topic(topic, 1, Map.of());
    home.table("formats", "id UInt8, text String, weight Float32, raw String, _offset UInt64");
    boolean avro = format.equals("avro");
    Class<?> schema = avro ? DataFormatsIT.Avro.class : DataFormatsIT.Protobuf.class;
    home.route(
        FLOW,
        """
        - beans:
            - name: schema
              type: %s
        - route:
            id: events
            from:
              uri: "%s"
              steps:
                - unmarshal:
                    %s: {library: Jackson, schemaResolver: schema}
                - to: %s
        """
            .formatted(
                schema.getName(),
                source(ByteArrayDeserializer.class),
                format,
                home.target("formats", "kafkaColumns=offset")));
    byte[] value = avro ? DataFormatsIT.Avro.message() : DataFormatsIT.Protobuf.message();
    send(Stream.of(value, Arrays.copyOf(value, value.length - 3), null, value));
    assertDelivered();
    assertThat(home.rows("formats", "id, text, weight, hex(raw), _offset"))
        .containsExactly("7\ta\"b\t1.5\t00FF\t0", "7\ta\"b\t1.5\t00FF\t3");
    assertThat(home.letters())
        .extracting(letter -> letter.errorName() + " " + letter.sourceOffset())
        .containsExactlyInAnyOrder("NO_ROW 1", "NO_ROW 2");
  }
}
