package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.Step;
import io.waybill.testing.TestKafka;
import io.waybill.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that share a consumer group, with one ledger in a real PostgreSQL. */
class KafkaSharedIT {
  private static final String FLOW = "events";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PARTITIONS = 4;
  private static final int PART = 4_000;
  @TempDir Path folder;
  private TestKafka kafka;
  private RoadHome home;

  @BeforeEach
  void start() {
    kafka = TestKafka.start(folder.resolve("kafka"));
    kafka.topic("events", PARTITIONS, Map.of());
    TestPostgres ledger = TestPostgres.shared();
    home =
        RoadHome.in(folder.resolve("a"))
            .ledgerIn(ledger.url(ledger.newSchema()))
            .table(FLOW, "id UInt64, text String")
            .flowFrom(
                FLOW,
                "kafka:events?brokers=%s&groupId=shared&batching=true&autoOffsetReset=earliest&sessionTimeoutMs=3000&heartbeatIntervalMs=500"
                    .formatted(kafka.brokers()),
                "batchRows=100&batchInterval=100ms");
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  private Path another(String name) throws IOException {
    Path other = Files.createDirectories(folder.resolve(name).resolve("routes")).getParent();
    for (String file : List.of("application.properties", "routes/events.camel.yaml")) {
      Files.copy(home.folder().resolve(file), other.resolve(file));
    }
    return other;
  }

  private void send(int from, int to) {
    kafka.send(
        "events",
        LongStream.range(from, to)
            .mapToObj(id -> "{\"id\": %d, \"text\": \"text of %d\"}".formatted(id, id)));
  }

  private long count() {
    return Long.parseLong(home.rows(FLOW, "count()").get(0));
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).ignoreExceptions().until(condition);
  }

  private long members() throws Exception {
    return kafka
        .admin()
        .describeConsumerGroups(List.of("shared"))
        .all()
        .get()
        .get("shared")
        .members()
        .size();
  }

  private void assertWhole(int rows) {
    assertThat(
            home.rows(FLOW, "count(), uniqExact(id), sum(id), countIf(text != 'text of ' || id)"))
        .containsExactly("%d\t%d\t%d\t0".formatted(rows, rows, (long) rows * (rows - 1) / 2));
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void whoComesAndWhoIsKilledInMidBatchLosesAndDoublesNothing() throws Exception {
    send(0, PART);
    try (Child first = home.child()) {
      await("the first delivers", () -> count() > 0);
      try (Child second = Child.start(another("b"))) {
        await("both are members", () -> members() == 2);
        send(PART, 2 * PART);
        await("in the middle", () -> count() > PART + PART / 4);
        first.kill9();
        send(2 * PART, 3 * PART);
        await("all of it; " + second.output(), () -> count() == 3 * PART);
        try (Child third = Child.start(another("c"))) {
          await("two are members again", () -> members() == 2);
          send(3 * PART, 4 * PART);
          await("in the middle", () -> count() > 3 * PART + PART / 4);
          second.terminate(); // gives its partitions away in an orderly way
          await("all of it; " + third.output(), () -> count() == 4 * PART);
          await("papers", () -> home.audit().size() == home.settledInLedger().size());
          assertThat(home.flow(FLOW).hold()).isEmpty();
        }
      }
    }
    assertWhole(4 * PART);
  }

  @Test
  void rangesInDoubtAreSentAgainByTheProcessThatGetsTheirPartitions() throws Exception {
    send(0, PART);
    for (Step step : List.of(Step.PLANNED, Step.SENT)) {
      try (Child killed =
          Child.command(
              another("killed-" + step),
              List.of(),
              List.of("-Dwaybill.test.kill=%s:%d".formatted(step, 6)),
              List.of("run"))) {
        assertThat(killed.exitCode()).as(killed.output()).isEqualTo(137);
      }
    }
    assertThat(home.batches()).anyMatch(batch -> batch.settled().isEmpty());
    try (Child other = Child.start(another("other"))) {
      await("all of it; " + other.output(), () -> count() == PART);
      await("papers", () -> home.audit().size() == home.settledInLedger().size());
      assertThat(home.batches()).allMatch(batch -> batch.settled().isPresent());
    }
    assertWhole(PART);
  }
}
