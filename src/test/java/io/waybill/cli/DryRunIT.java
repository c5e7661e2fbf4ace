package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.clickhouse.TableDdl;
import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.clickhouse.embedded.EmbeddedSettings;
import io.waybill.clickhouse.embedded.ServerExtras;
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
  void whoMayNotInsertIsToldAndNothingIsTouched() throws Exception {
    writesAs(TestClickHouse.READER);
    List<String> before = files();

    assertThat(run("trips")).isEqualTo(3);
    assertThat(out.toString())
        .contains(
            "HOLD %s has not INSERT(`id`) on %s.trips".formatted(TestClickHouse.READER, database))
        .contains(
            "remedy: GRANT INSERT ON `%s`.`trips` TO `%s`"
                .formatted(database, TestClickHouse.READER));
    assertNothingHappened(before);
  }

  @Test
  void whoMayInsertIsToldByAnInsertThatIsPlannedOnly() throws Exception {
    writesAs(TestClickHouse.WRITER);
    List<String> before = files();

    assertThat(run("trips")).as(out.toString() + err).isZero();
    assertThat(out.toString())
        .contains("OK   %s may insert into %s.trips".formatted(TestClickHouse.WRITER, database))
        .contains("NOTE values are not looked at: ", "CREATE TEMPORARY TABLE", "3 records");
    assertNothingHappened(before);
  }

  /** Its grants say nothing of that: only an insert, or one that is planned, asks the view. */
  @Test
  void aViewThatWouldRefuseTheRowsIsToldToo() throws Exception {
    TestClickHouse.execute(
        "CREATE TABLE %s.ids (id UInt8) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 10000"
            .formatted(database));
    TestClickHouse.execute(
        "CREATE MATERIALIZED VIEW %1$s.view TO %1$s.ids DEFINER = %2$s SQL SECURITY DEFINER AS SELECT id FROM %1$s.trips"
            .formatted(database, TestClickHouse.NOBODY));
    writesAs(TestClickHouse.WRITER);
    List<String> before = files();

    assertThat(run("trips")).as(out.toString()).isEqualTo(3);
    assertThat(out.toString()).contains("HOLD ", "Not enough privileges");
    assertNothingHappened(before);
  }

  @Test
  void whoMayNotMakeTheTableIsTold() throws Exception {
    home.write(
        "routes/trips.camel.yaml",
        """
        - route:
            id: trips
            from:
              uri: file:in?include=.*csv
              steps:
                - to: waybill:%s.fresh?createTable=true
        """
            .formatted(database));
    List<String> before = files();

    assertThat(run("trips")).as(out.toString() + err).isZero();
    assertThat(out.toString())
        .contains("has CREATE TABLE, INSERT on " + database + ".fresh")
        .contains("NOTE values are not looked at: the table is still to be made", "3 records");
    writesAs(TestClickHouse.WRITER);
    assertThat(run("trips")).isEqualTo(3);
    assertThat(out.toString())
        .contains("HOLD writer has not CREATE TABLE, INSERT on " + database + ".fresh");
    assertThat(TestClickHouse.query("EXISTS %s.fresh".formatted(database))).isEqualTo("0");
    assertNothingHappened(before);
  }

  @Test
  void rightsOnTheColumnsThatAreInsertedWillDo() throws Exception {
    String user =
        "<columns><password>%s</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>"
                .formatted(TestClickHouse.EXTRA_PASSWORD)
            + "<grants><query>GRANT SELECT ON shop.*</query><query>GRANT INSERT(id) ON shop.trips</query></grants></columns>";
    try (EmbeddedClickHouse server =
        EmbeddedClickHouse.start(
            EmbeddedSettings.in(folder.resolve("server"))
                .withExtras(new ServerExtras(List.of(user), List.of(), List.of())))) {
      String columns = "(id UInt8, %s)".formatted(TableDdl.provenanceColumn());
      TestClickHouse.query(server, "CREATE DATABASE shop");
      TestClickHouse.query(
          server,
          "CREATE TABLE shop.trips %s ENGINE = MergeTree ORDER BY tuple() SETTINGS non_replicated_deduplication_window = 10000"
              .formatted(columns));
      writesAs("columns", server.url());
      home.write(
          "routes/trips.camel.yaml",
          Files.readString(folder.resolve("routes/trips.camel.yaml"))
              .replace(database + ".trips", "shop.trips"));

      assertThat(run("trips")).as(out.toString() + err).isZero();
      assertThat(out.toString()).contains("OK   columns may insert into shop.trips");
    }
  }

  private void writesAs(String user) {
    writesAs(user, TestClickHouse.url());
  }

  private void writesAs(String user, String url) {
    home.properties(
        """
        waybill.clickhouse.url=%s
        waybill.clickhouse.user=%s
        waybill.clickhouse.password=%s
        """
            .formatted(url, user, TestClickHouse.EXTRA_PASSWORD));
  }

  /** No row, no plan in a ledger, no file moved or spooled. */
  private void assertNothingHappened(List<String> before) throws IOException {
    assertThat(files()).isEqualTo(before).noneMatch(file -> file.startsWith("data/ledger"));
    assertThat(TestClickHouse.query("SELECT count() FROM " + database + ".trips")).isEqualTo("0");
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
