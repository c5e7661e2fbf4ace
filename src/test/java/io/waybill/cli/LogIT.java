package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestHome;
import io.waybill.testing.WaybillProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With waybill.log.format=json each line is an object, and each line of a run says whose it is. */
@Timeout(180)
class LogIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static List<JsonNode> lines(TestHome home) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(home.folder().resolve("data/log/waybill.log"))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void everyLineIsAnObjectAndThoseOfARunCarryFlowRunAndBatch() throws IOException {
    TestHome home = TestHome.onTestClickHouse(folder);
    String database = TestClickHouse.createDatabase();
    Files.writeString(
        home.folder().resolve("application.properties"),
        "\nwaybill.log.format=json\nwaybill.log.level=debug\n",
        StandardOpenOption.APPEND);
    Files.createDirectories(home.folder().resolve("routes"));
    Files.writeString(
        home.folder().resolve("routes/trips.camel.yaml"),
        """
        - route:
            id: trips
            from:
              uri: file:in?noop=true&initialDelay=0
              steps:
                - to: waybill:%s.trips?createTable=true&orderBy=id&batchRows=2
        """
            .formatted(database));
    Files.createDirectories(home.folder().resolve("in"));
    Files.writeString(home.folder().resolve("in/a.csv"), "id,text\n1,a\n2,b\n3,c\n");
    WaybillProcess.Result result = WaybillProcess.run(home.folder(), Map.of(), "run", "--once");
    assertThat(result.exitCode()).as(result.all()).isZero();
    List<JsonNode> lines = lines(home);
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.fieldNames()).toIterable().contains("time", "level"));
    List<JsonNode> ofRuns =
        lines.stream().filter(line -> line.path("logger").asText().endsWith(".RunLog")).toList();
    assertThat(ofRuns)
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(
            line -> {
              assertThat(line.path("flow").asText()).isEqualTo("trips");
              assertThat(line.path("run").asText()).isNotEmpty();
            });
    assertThat(ofRuns.stream().filter(line -> line.has("batch")))
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line.path("message").asText()).contains(line.path("batch").asText()));
    assertThat(ofRuns.stream().map(line -> line.path("thread").asText()).distinct())
        .hasSizeGreaterThanOrEqualTo(2);
  }
}
