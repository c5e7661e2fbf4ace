package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandIT {
  @TempDir private Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String database;

  @BeforeEach
  void makeHome() throws IOException {
    database = TestClickHouse.createDatabase();
    configure("");
    Files.createDirectories(home.resolve("routes"));
    Files.createDirectories(home.resolve("in"));
  }

  private void configure(String further) throws IOException {
    Files.writeString(
        home.resolve("application.properties"),
        """
        waybill.clickhouse.url=%s
        waybill.clickhouse.user=%s
        waybill.clickhouse.password=%s
        %s
        """
            .formatted(
                TestClickHouse.url(), TestClickHouse.user(), TestClickHouse.password(), further));
  }

  private void route(String id, String to) throws IOException {
    Files.writeString(
        home.resolve("routes").resolve(id + ".camel.yaml"),
        """
        - route:
            id: %s
            from:
              uri: file:in?noop=true
              steps:
                - to: %s
        """
            .formatted(id, to));
  }

  private int check(String... options) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] arguments = new String[options.length + 3];
    arguments[0] = "check";
    arguments[1] = "--home";
    arguments[2] = home.toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    return line.execute(arguments);
  }

  private void makeTable(String columns) {
    TestClickHouse.execute(
        "CREATE TABLE %s.t (%s, _waybill_batch LowCardinality(String) DEFAULT getSetting('insert_deduplication_token')) ENGINE = MergeTree ORDER BY tuple() SETTINGS non_replicated_deduplication_window = 10000"
            .formatted(database, columns));
  }

  @Test
  void isContentWithAFlowThatCanRunAndStartsAndWritesNothing() throws IOException {
    makeTable("a UInt8");
    route("good", "waybill:" + database + ".t");
    Files.writeString(home.resolve("in/x.csv"), "a\n1\n");

    assertThat(check()).as("%s%s", out, err).isZero();

    assertThat(out.toString())
        .contains("good -> " + database + ".t (routes/good.camel.yaml)")
        .contains("  OK   ClickHouse 26.")
        .doesNotContain("HOLD");
    assertThat(home.resolve("data/ledger.db")).doesNotExist();
    assertThat(TestClickHouse.query("SELECT count() FROM " + database + ".t")).isEqualTo("0");
  }

  @Test
  void tellsWhyAFlowWouldBeHeldAndTheSqlThatMendsItDoes() throws IOException {
    TestClickHouse.execute(
        "CREATE TABLE %s.t (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 0"
            .formatted(database));
    route("held", "waybill:" + database + ".t");

    assertThat(check()).isEqualTo(3);

    String said = out.toString();
    assertThat(said).contains("HOLD").contains("it ignores tokens");
    said.lines()
        .filter(line -> line.contains("remedy: ALTER"))
        .map(line -> line.replaceFirst(".*remedy: ", "").replaceFirst("; or .*", ""))
        .forEach(TestClickHouse::execute);
    assertThat(check()).as("%s%s", out, err).isZero();
  }

  @Test
  void namesFileAndLineOfABrokenRouteAndStillLooksAtTheOthers() throws IOException {
    makeTable("a UInt8");
    route("good", "waybill:" + database + ".t");
    Files.writeString(home.resolve("routes/bad.camel.yaml"), "- route:\n    id: bad\n    frm: x\n");

    assertThat(check()).isEqualTo(2);

    assertThat(err.toString()).contains("BROKEN routes/bad.camel.yaml:");
    assertThat(out.toString()).contains("good -> ");
  }

  @Test
  void refusesABrokenConfigurationWithAllItsProblems() throws IOException {
    configure("waybill.retry.max-delay=soon\nwaybill.clickhouse.usr=x");

    assertThat(check()).isEqualTo(2);

    assertThat(err.toString())
        .contains("waybill.retry.max-delay")
        .contains("waybill.clickhouse.usr");
  }

  @Test
  void findsAnUnreachableServerAndAMissingTable() throws IOException {
    route("held", "waybill:" + database + ".nothing");
    assertThat(check()).isEqualTo(3);
    assertThat(out.toString()).contains("there is no table " + database + ".nothing (code 60)");

    configure("waybill.clickhouse.url=http://127.0.0.1:9");
    assertThat(check()).isEqualTo(3);
    assertThat(out.toString()).contains("ClickHouse does not take connections");
  }

  @Test
  void comparesTheValuesOfAFileAndNeverPrintsThem() throws IOException {
    makeTable("a UInt8, b String");
    route("good", "waybill:" + database + ".t");
    Path file = Files.writeString(home.resolve("x.csv"), "a,b\n1,x\n4711,canary7f3a\n");

    assertThat(check("--types", file.toString())).isEqualTo(1);

    assertThat(out.toString())
        .contains("2 records looked at")
        .contains("WARN a UInt8: 1 value out of range")
        .contains("first in record 2")
        .doesNotContain("4711")
        .doesNotContain("canary7f3a");
  }

  @Test
  void asksForTheFlowWhenThereAreSeveral() throws IOException {
    makeTable("a UInt8");
    route("one", "waybill:" + database + ".t");
    route("two", "waybill:" + database + ".t");
    Path file = Files.writeString(home.resolve("x.csv"), "a\n1\n");

    assertThat(check("--types", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--flow");
    assertThat(check("--types", file.toString(), "--flow", "two")).as("%s%s", out, err).isZero();
    assertThat(check("--flow", "two")).isEqualTo(2);
  }

  @Test
  void printsJson() throws IOException {
    makeTable("a UInt8");
    route("good", "waybill:" + database + ".t");
    Path file = Files.writeString(home.resolve("x.csv"), "a\n256\n");

    assertThat(check("--json", "--types", file.toString())).isEqualTo(1);

    assertThat(out.toString())
        .contains(
            "{\"plainSecrets\":[\"application.properties:3: waybill.clickhouse.password is in plain text",
            "\"flows\":[{\"flow\":\"good\"")
        .contains("\"severity\":\"OK\"")
        .contains("\"what\":\"OUT_OF_RANGE\",\"count\":1,\"firstRecords\":[1]");
  }

  @Test
  void aFileThatIsNotInRoutesYetIsCheckedAloneBesideTheOthers() throws IOException {
    makeTable("id UInt64");
    route("there", "waybill:" + database + ".t");
    route("broken", "nosuch:x");
    Path next = home.resolve("next.camel.yaml");
    Files.move(home.resolve("routes/there.camel.yaml"), next);
    assertThat(check(next.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).contains("there -> " + database + ".t").doesNotContain("broken");
    Files.copy(next, home.resolve("routes/other.camel.yaml"));
    assertThat(check(next.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("next.camel.yaml").contains("is that of routes/other");
  }
}
