package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.clickhouse.TableDdl;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A dry run tells what would happen, and nothing does. */
@Timeout(120)
final class DryRunIT {
  @TempDir private Path folder;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private String database;
  private TestHome home;

  @BeforeEach
  void aFlowWithFiles() {
    database = TestClickHouse.createDatabase();
    TestClickHouse.execute(
        """
        CREATE TABLE %s.trips (id UInt8, %s) ENGINE = MergeTree ORDER BY tuple()
        SETTINGS non_replicated_deduplication_window = 10000\
        """
            .formatted(database, TableDdl.provenanceColumn()));
    home = TestHome.onTestClickHouse(folder);
    home.write(
        "routes/trips.camel.yaml",
        """
        - route:
            id: trips
            from:
              uri: file:in?include=.*csv
              steps:
                - to: waybill:%s.trips?batchRows=2
        """
            .formatted(database));
    home.write("in/a.csv", "id\n1\n2\n3\n").write("in/b.csv", "id\n300\n");
    home.write("in/notes.txt", "x").write("in/.camel/old.csv", "id\n9\n");
  }

  private int run(String... options) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new java.util.ArrayList<>(List.of("run", "--dry-run"));
    all.addAll(List.of(options));
    all.addAll(List.of("--home", folder.toString()));
    return line.execute(all.toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .filter(file -> !file.startsWith("data/log"))
          .sorted()
          .toList();
    }
  }

  @Test
  void whatWouldBeDeliveredIsCountedAndNothingHappens() throws Exception {
    List<String> before = files();

    assertThat(run("trips", "--json")).as(err.toString()).isZero();

    JsonNode flow = new ObjectMapper().readTree(out.toString()).get(0);
    assertThat(flow.get("wouldStop").asBoolean()).isFalse();
    JsonNode a = flow.get("sources").get(0);
    assertThat(a.get("location").asText()).endsWith("in/a.csv");
    assertThat(a.get("records").asLong()).isEqualTo(3);
    assertThat(a.get("batches").asLong()).isEqualTo(2);
    assertThat(a.get("format").asText()).isEqualTo("CSVWithNames");
    assertThat(a.get("misfits")).isEmpty();
    JsonNode b = flow.get("sources").get(1);
    assertThat(b.get("misfits").get(0).get("column").asText()).isEqualTo("id");
    assertThat(flow.get("sources")).hasSize(2);
    assertThat(files()).isEqualTo(before);
    assertThat(TestClickHouse.query("SELECT count() FROM " + database + ".trips")).isEqualTo("0");
  }

  @Test
  void theRightsThatALaterRunWouldLackAreTold() {
    home.write(
        "policy.yaml",
        """
        version: 1
        environments:
          staging: { tables: ["%s.*"], max-rows-per-run: 2 }
        roles:
          developer: { read: [staging] }
          loader: { write: [staging] }
        flows: { default-role: developer }
        """
            .formatted(database));

    assertThat(run()).isEqualTo(3);
    assertThat(out.toString())
        .contains("HOLD role developer may not write in staging (policy.yaml:5)");

    home.write(
        "routes/trips.camel.yaml",
        """
        - route:
            id: trips
            from:
              uri: file:in?include=.*csv
              steps:
                - to: waybill:%s.trips?role=loader
        """
            .formatted(database));
    assertThat(run()).isEqualTo(3);
    assertThat(out.toString())
        .contains("OK   role loader may write in staging (policy.yaml:6)")
        .contains("STOP its run would fail: it may bring 2 (policy.yaml:3)")
        .contains("nothing was inserted, written down or acknowledged");
  }

  @Test
  void whatItCannotTellItSays() {
    home.write(
        "routes/timed.camel.yaml",
        """
        - route:
            id: timed
            from:
              uri: timer:x
              steps:
                - to: waybill:%s.trips
        """
            .formatted(database));
    assertThat(run("timed")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("NOTE its source is not asked: a dry run reads files only");
    assertThat(run("nothing")).isEqualTo(2);
  }
}
