package io.waybill.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.batch.Position;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineageTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  private static final TableName TABLE = new TableName("staging", "trips");
  private static final Unit UNIT =
      new Unit(1, "trips", "a.csv", 0, TABLE, Format.CSV_WITH_NAMES, new Stamp(1, 2));
  private static final Run RUN = new Run("r1", "trips", 1, RunState.RUNNING, "", "", NOON);
  private static final OpenLineageExport.Told TOLD =
      new OpenLineageExport.Told("etl", "0.1.0", 100);
  private static final Places PLACES =
      new Places() {
        @Override
        public String namespace(String flow) {
          return "clickhouse://here:8123";
        }

        @Override
        public List<Column> columns(String flow, TableName table) {
          return List.of(new Column("id", "UInt64"), new Column("text", "Nullable(String)"));
        }
      };

  @TempDir Path folder;
  private final Map<String, Integer> counted = new ConcurrentHashMap<>();

  private void count(String outcome) {
    counted.merge(outcome, 1, Integer::sum);
  }

  private static Waybill settled(int number, BatchState state, long dead) {
    String id = "r1-0000" + number;
    BatchPlan plan =
        new BatchPlan(
            id,
            "trips",
            "r1",
            1,
            "a.csv",
            number,
            new Position(number * 100L, number * 100L + 100, number * 10L + 1, 10),
            105,
            "digest",
            "token",
            new InsertShape(
                TABLE, "", List.of("id"), Format.CSV_WITH_NAMES, new TreeMap<>(), 1, true),
            NOON,
            "",
            List.of());
    return new Waybill(
        plan, "/in/a.csv", state, dead, 1, 0, "", "", "ch", "loader", NOON, Duration.ofMillis(5));
  }

  private List<JsonNode> events(Path file) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      events.add(new ObjectMapper().readTree(line));
    }
    return events;
  }

  private List<JsonNode> told(RunState end, String reason) throws IOException {
    Path file = folder.resolve("sub/events.ndjson");
    try (OpenLineageExport export =
        OpenLineageExport.toFile(file, TOLD, PLACES, this::count, CLOCK)) {
      export.runs().begun(RUN, UNIT, "/in/a.csv", false);
      export.runs().settled(settled(1, BatchState.COMMITTED, 0));
      export.runs().settled(settled(2, BatchState.SPLIT, 3));
      export.runs().settled(settled(3, BatchState.COMMITTED, 0));
      export.runs().ended(RUN, end, reason, "");
    }
    return events(file);
  }

  @ParameterizedTest
  @CsvSource({
    "COMPLETED, COMPLETE",
    "COMPLETED_WITH_DEAD_LETTERS, COMPLETE",
    "FAILED, FAIL",
    "CANCELLED, ABORT",
    "HELD, OTHER"
  })
  void eachEventKeepsToThePublishedSchema(RunState state, String type) throws IOException {
    OpenLineageSchemas schemas = new OpenLineageSchemas();
    List<JsonNode> events = told(state, state == RunState.FAILED ? "it broke" : "");
    assertThat(events).hasSize(2);
    events.forEach(schemas::check);
    assertThat(events)
        .extracting(each -> each.get("eventType").asText())
        .containsExactly("START", type);
    assertThat(events.get(0).at("/run/runId")).isEqualTo(events.get(1).at("/run/runId"));
    assertThat(counted).containsExactlyEntriesOf(Map.of("sent", 2));
  }

  @Test
  void theEndTellsWhatMovedWhere() throws IOException {
    JsonNode event = told(RunState.COMPLETED_WITH_DEAD_LETTERS, "").get(1);
    assertThat(event.at("/eventTime").asText()).isEqualTo("2026-11-23T12:00:00.123456Z");
    assertThat(event.at("/job/namespace").asText()).isEqualTo("etl");
    assertThat(event.at("/job/name").asText()).isEqualTo("trips");
    assertThat(event.at("/inputs/0/namespace").asText()).isEqualTo("file");
    assertThat(event.at("/inputs/0/name").asText()).isEqualTo("/in/a.csv");
    assertThat(event.at("/inputs/0/inputFacets/inputStatistics/rowCount").asLong()).isEqualTo(23);
    JsonNode output = event.at("/outputs/0");
    assertThat(output.at("/namespace").asText()).isEqualTo("clickhouse://here:8123");
    assertThat(output.at("/name").asText()).isEqualTo("staging.trips");
    assertThat(output.at("/outputFacets/outputStatistics/rowCount").asLong()).isEqualTo(20);
    assertThat(output.at("/outputFacets/outputStatistics/size").asLong()).isEqualTo(210);
    assertThat(output.at("/facets/schema/fields/1/type").asText()).isEqualTo("Nullable(String)");
    JsonNode run = event.at("/run/facets/waybill_run");
    assertThat(run.at("/deadRows").asLong()).isEqualTo(3);
    assertThat(run.at("/batches/2/queryId").asText()).isEqualTo("r1-00003");
    assertThat(run.at("/batches/1/state").asText()).isEqualTo("split");
  }

  @ParameterizedTest
  @CsvSource({
    "/in/a.csv, file, /in/a.csv",
    "s3://bucket/day/a.csv, s3://bucket, day/a.csv",
    "sftp://anna@host:22/in/a.csv?password=x, sftp://host:22, in/a.csv",
    "kafka://broker:9092/topic, kafka://broker:9092, topic",
    "topic-0, etl, trips/topic-0"
  })
  void sourcesAreNamedAsOpenLineageNamesThem(String location, String namespace, String name) {
    assertThat(SourceName.of("etl", "trips", location)).isEqualTo(new SourceName(namespace, name));
  }

  /** A way that lets nobody through until it is told to. */
  private static final class Jam implements LineageTransport {
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<String> arrived = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void send(String event) throws InterruptedException {
      open.await();
      arrived.add(event);
    }

    @Override
    public void close() {
      // nothing to give back
    }
  }

  @Test
  void whoTellsNeverWaitsAndWhatIsTooMuchIsCounted() {
    Jam jam = new Jam();
    try (LineageQueue queue = new LineageQueue(10, jam, this::count)) {
      for (int i = 0; i < 100; i++) {
        String event = "event " + i;
        queue.offer(() -> event);
      }
      assertThat(queue.lost()).isBetween(89L, 90L);
      jam.open.countDown();
      Awaitility.await().until(() -> jam.arrived.size() + queue.lost() == 100);
    }
    assertThat(jam.arrived).startsWith("event 0", "event 1");
    assertThat(counted.get("dropped")).isEqualTo(100 - jam.arrived.size());
  }

  @Test
  void whatDoesNotArriveIsTriedAgainAndWhatCannotBeMadeHurtsNobody() {
    List<String> arrived = Collections.synchronizedList(new ArrayList<>());
    LineageTransport shaky =
        new LineageTransport() {
          private int tries;

          @Override
          public void send(String event) throws IOException {
            tries++;
            if (tries < 3) {
              throw new IOException("not yet");
            }
            if (event.equals("bad")) {
              throw new RefusedException("never");
            }
            arrived.add(event);
          }

          @Override
          public void close() {
            // nothing to give back
          }
        };
    try (LineageQueue queue = new LineageQueue(10, shaky, this::count)) {
      queue.offer(() -> "first");
      queue.offer(
          () -> {
            throw new IllegalStateException("broken");
          });
      queue.offer(() -> "bad");
      queue.offer(() -> "last");
      Awaitility.await().until(() -> arrived.equals(List.of("first", "last")));
      assertThat(queue.lost()).isEqualTo(2);
    }
    assertThat(counted).containsEntry("sent", 2).containsEntry("failed", 2);
  }
}
