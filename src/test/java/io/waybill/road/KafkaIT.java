package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestKafka;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Partitions of topics of a real broker: rows compared by content, each once. */
final class KafkaIT {
  private static final String FLOW = "events";
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
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
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
}
