package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestHome;
import io.waybill.testing.WaybillProcess;
import io.waybill.testing.WaybillProcess.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people get wrong: each mistake is told with its place and remedy and without a stack trace,
 * nothing is lost by it, and the other flows go on.
 */
class BadInputIT {
  @TempDir Path folder;
  private String database;
  private TestHome home;

  @BeforeEach
  void home() {
    database = TestClickHouse.createDatabase();
    home = TestHome.onTestClickHouse(folder);
  }

  /** A flow that nothing is wrong with, to see that it goes on. */
  private void good() {
    home.flow("good", database + ".good?createTable=true")
        .write("in/good/a.csv", "id,name\n1,one\n2,two\n");
  }

  private void assertGoodArrived() {
    assertThat(rows("good", "id, name")).isEqualTo("1\tone\n2\ttwo");
  }

  private String rows(String table, String columns) {
    return TestClickHouse.query(
        "SELECT %s FROM %s.%s ORDER BY 1".formatted(columns, database, table));
  }

  private void table(String name, String columns) {
    TestClickHouse.execute(
        """
        CREATE TABLE %s.%s (%s,
          _waybill_batch LowCardinality(String) DEFAULT getSetting('insert_deduplication_token'))
        ENGINE = MergeTree ORDER BY tuple() SETTINGS non_replicated_deduplication_window = 100"""
            .formatted(database, name, columns));
  }

  private Result once() {
    return WaybillProcess.run(home, "run", "--once").withoutStackTrace();
  }

  @Test
  void brokenRouteFilesAreNamedWithTheirLineAndTheOthersRun() {
    good();
    home.write("routes/yaml.camel.yaml", "- route:\n    id: yaml\n    from:\n   uri: broken\n");
    home.flow("option", database + ".t?batchRowz=5");
    home.flow("value", database + ".t?batchRows=many");
    home.write(
        "routes/component.camel.yaml",
        """
        - route:
            id: component
            from:
              uri: nonsense:in
              steps:
                - to: waybill:a.b
        """);
    home.write(
        "routes/step.camel.yaml", "- route:\n    from:\n      uri: direct:x\n      stepz: 1\n");
    home.write(
        "routes/Broken.java",
        """
        import org.apache.camel.builder.RouteBuilder;

        public class Broken extends RouteBuilder {
          public void configure() {
            from("file:in/broken").routeId("broken").to("waybill:a.b")
          }
        }
        """);
    home.write("routes/Helper.java", "public class Helper {}\n");
    Result result = once();
    assertGoodArrived();
    assertToldOnce(result, "not loaded: routes/yaml.camel.yaml");
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .containsPattern("not loaded: routes/yaml.camel.yaml:[34]")
        .containsPattern(
            "not loaded: routes/option.camel.yaml:6.*batchRowz; did you mean batchRows\\?")
        .containsPattern(
            "(?m)not loaded: routes/value.camel.yaml:6.*the value of batchRows does not fit$")
        .containsPattern("not loaded: routes/component.camel.yaml:4.*nonsense")
        .containsPattern("not loaded: routes/step.camel.yaml:4.*stepz")
        .containsPattern("not loaded: routes/Broken.java:5.*';' expected")
        .containsPattern("not loaded: routes/Helper.java.*extends RouteBuilder");
  }

  private static void assertToldOnce(Result result, String text) {
    assertThat(result.all().split(java.util.regex.Pattern.quote(text), -1))
        .as(result.all())
        .hasSize(2);
  }

  @Test
  void filesThatDoNotFitTheirTableBecomeDeadLettersAndTheOthersArrive() throws IOException {
    good();
    table("numbers", "id UInt32, at Date");
    home.flow("columns", database + ".numbers?format=CSV")
        .write("in/columns/few.csv", "1\n")
        .write("in/columns/many.csv", "2,2024-01-02,more\n")
        .write("in/columns/right.csv", "3,2024-01-03\n")
        .write("in/columns/type.csv", "four,2024-01-04\n");
    Result result = once();
    assertGoodArrived();
    assertThat(rows("numbers", "id, at")).isEqualTo("3\t2024-01-03");
    assertThat(result.exitCode()).as(result.all()).isEqualTo(ExitCode.DEAD_LETTERS);
    assertThat(result.out())
        .contains("few.csv", "many.csv", "type.csv", "completed_with_dead_letters", "1 dead letter")
        .contains("right.csv");
    assertThat(deadLetters("columns")).contains("1\n", "2,2024-01-02,more\n", "four,2024-01-04\n");
    String runs = WaybillProcess.run(home, "runs", "columns").out();
    assertThat(runs).contains("completed_with_dead_letters");
  }

  private String deadLetters(String flow) throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.list(folder.resolve("data/dead-letters").resolve(flow))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".csv")).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void binaryFileNamedCsvIsRefusedAsAWhole() {
    good();
    table("binary", "id UInt32, name String");
    byte[] bytes = new byte[4096];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 7);
    }
    home.flow("binary", database + ".binary").write("in/binary/picture.csv", bytes);
    Result result = once();
    assertGoodArrived();
    assertThat(rows("binary", "count()")).isEqualTo("0");
    assertThat(result.exitCode()).as(result.all()).isEqualTo(ExitCode.HELD_OR_FAILED);
    assertThat(result.all()).contains("picture.csv").contains("remedy:");
    assertThat(once().exitCode()).isEqualTo(ExitCode.HELD_OR_FAILED);
  }

  @Test
  void tableThatIsNotThereHoldsItsFlowAloneAndTheNextRunDeliversOnceItIs() {
    good();
    home.flow("absent", database + ".absent").write("in/absent/a.csv", "id\n7\n");
    Result result = once();
    assertGoodArrived();
    assertThat(result.exitCode()).isEqualTo(ExitCode.HELD_OR_FAILED);
    assertThat(result.err())
        .contains("held: absent: there is no table " + database + ".absent", "UNKNOWN_TABLE")
        .contains("remedy:", "createTable=true");
    assertToldOnce(result, "there is no table");
    assertThat(WaybillProcess.run(home, "flows").out())
        .contains("absent is held since")
        .containsPattern("good +ready")
        .doesNotContain("running");
    table("absent", "id UInt32");
    Result again = once();
    assertThat(again.exitCode()).as(again.all()).isEqualTo(ExitCode.OK);
    assertThat(rows("absent", "id")).isEqualTo("7");
  }

  @Test
  void wrongPasswordHoldsTheFlows() {
    good();
    Result result =
        WaybillProcess.run(
                folder, Map.of("WAYBILL_CLICKHOUSE_PASSWORD", "sesame-4711"), "run", "--once")
            .withoutStackTrace();
    assertThat(result.exitCode()).isEqualTo(ExitCode.HELD_OR_FAILED);
    assertThat(result.err())
        .contains("held: good:", "waybill.clickhouse.password", "516")
        .doesNotContain("sesame-4711");
    Result sql =
        WaybillProcess.run(
                folder, Map.of("WAYBILL_CLICKHOUSE_PASSWORD", "sesame-4711"), "sql", "SELECT 1")
            .withoutStackTrace();
    assertThat(sql.exitCode()).isEqualTo(ExitCode.HELD_OR_FAILED);
    assertThat(sql.err()).startsWith("waybill: ").contains("516").doesNotContain("sesame-4711");
    once();
    assertGoodArrived();
  }

  @Test
  void clickHouseThatDoesNotRunHoldsTheFlows() throws IOException {
    good();
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Map<String, String> nowhere = Map.of("WAYBILL_CLICKHOUSE_URL", "http://127.0.0.1:" + free);
    Result result = WaybillProcess.run(folder, nowhere, "run", "--once").withoutStackTrace();
    assertThat(result.exitCode()).isEqualTo(ExitCode.HELD_OR_FAILED);
    assertThat(result.err())
        .contains("held: good:", "CONNECTION_REFUSED")
        .contains("start ClickHouse, or set the right waybill.clickhouse.url");
    Result sql = WaybillProcess.run(folder, nowhere, "sql", "SELECT 1").withoutStackTrace();
    assertThat(sql.exitCode()).isEqualTo(ExitCode.HELD_OR_FAILED);
    assertThat(sql.err()).contains("CONNECTION_REFUSED", "waybill.clickhouse.url");
    once();
    assertGoodArrived();
  }

  @Test
  void somethingElseAtThePortOfClickHouseHoldsTheFlows() throws Exception {
    good();
    com.sun.net.httpserver.HttpServer other =
        com.sun.net.httpserver.HttpServer.create(
            new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>not here</html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(404, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    other.start();
    try {
      Map<String, String> url =
          Map.of("WAYBILL_CLICKHOUSE_URL", "http://127.0.0.1:" + other.getAddress().getPort());
      Result result = WaybillProcess.run(folder, url, "run", "--once").withoutStackTrace();
      assertThat(result.exitCode()).isEqualTo(ExitCode.HELD_OR_FAILED);
      assertThat(result.err()).contains("held: good:", "waybill.clickhouse.url");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void missingFolderIsWaitedForAndAFileInItsPlaceHoldsTheFlow() throws IOException {
    good();
    home.flow("missing", database + ".missing?createTable=true");
    Files.delete(folder.resolve("in/missing"));
    home.flow("file", database + ".file?createTable=true");
    Files.delete(folder.resolve("in/file"));
    home.write("in/file", "id\n1\n");
    Result result = once();
    assertGoodArrived();
    assertThat(result.exitCode()).as(result.all()).isEqualTo(ExitCode.HELD_OR_FAILED);
    assertThat(result.out()).contains("missing: its source had nothing to read");
    assertThat(result.err())
        .contains("held: file:", "in/file is no folder that can be read", "remedy:");
  }

  @Test
  void columnThatTheTableHasNotHoldsTheFlowWithTheAlterTable() {
    good();
    table("drift", "id UInt32");
    home.flow("drift", database + ".drift").write("in/drift/a.csv", "id,extra\n1,x\n");
    Result result = once();
    assertGoodArrived();
    assertThat(result.exitCode()).isEqualTo(ExitCode.HELD_OR_FAILED);
    assertThat(result.all())
        .contains("SCHEMA_DRIFT")
        .contains("ALTER TABLE `%s`.`drift` ADD COLUMN `extra`".formatted(database));
    assertThat(rows("drift", "count()")).isEqualTo("0");
  }

  @Test
  void fileWhoseNameTellsNothingHoldsTheFlow() {
    good();
    home.flow("format", database + ".format").write("in/format/a.dat", "id\n1\n");
    table("format", "id UInt32");
    Result result = once();
    assertGoodArrived();
    assertThat(result.exitCode()).as(result.all()).isEqualTo(ExitCode.HELD_OR_FAILED);
    assertThat(result.err()).contains("FORMAT_UNKNOWN", "a.dat", "format=CSVWithNames");
  }

  @Test
  void configurationProblemsAreToldTogetherBeforeAnythingRuns() {
    good();
    home.properties(
        """
        waybill.clickhouse.urll=http://localhost:8123
        waybill.retry.max-delay=soon
        waybill.batch.max-record=big
        waybill.provenance=perhaps
        """);
    Result result = once();
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .contains("waybill: application.properties: waybill.clickhouse.urll: unknown key")
        .contains("nearest known one is waybill.clickhouse.url")
        .contains("waybill.retry.max-delay", "waybill.batch.max-record", "waybill.provenance");
    assertThat(folder.resolve("data/ledger.db")).doesNotExist();
  }

  @Test
  void ledgerThatIsDamagedStopsTheStartAndTheListings() throws IOException {
    good();
    home.write(
        "data/ledger.db",
        "this is no database, but long enough to have a header of one\n".repeat(200));
    byte[] before = Files.readAllBytes(folder.resolve("data/ledger.db"));
    for (String[] command :
        new String[][] {{"run", "--once"}, {"flows"}, {"runs"}, {"show", "r"}}) {
      Result result = WaybillProcess.run(home, command).withoutStackTrace();
      assertThat(result.exitCode()).as(result.all()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err()).startsWith("waybill: ").contains("ledger.db", "damaged");
    }
    assertThat(Files.readAllBytes(folder.resolve("data/ledger.db"))).isEqualTo(before);
  }

  @Test
  void ledgerOfANewerWaybillStopsTheStartAndTheListings() throws Exception {
    good();
    once();
    try (Connection ledger =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/ledger.db"));
        Statement statement = ledger.createStatement()) {
      statement.executeUpdate("INSERT INTO schema_version VALUES (99, 0, '9.9')");
    }
    for (String[] command : new String[][] {{"run", "--once"}, {"flows"}, {"runs"}}) {
      Result result = WaybillProcess.run(home, command).withoutStackTrace();
      assertThat(result.exitCode()).as(result.all()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err()).contains("written by Waybill 9.9", "schema version 99");
    }
  }

  @Test
  void withoutNpmAndBinaryTheRemediesAreNamed() {
    home.properties("");
    Map<String, String> bare =
        Map.of("PATH", "", "WAYBILL_CACHE", folder.resolve("cache").toString());
    for (String[] command : new String[][] {{"run", "--once"}, {"sql", "SELECT 1"}}) {
      Result result = WaybillProcess.run(folder, bare, command).withoutStackTrace();
      assertThat(result.exitCode()).as(result.all()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err())
          .contains("No npm on the PATH", "waybill.clickhouse.binary", "waybill.clickhouse.url");
    }
  }

  @Test
  void binaryThatIsNotThereIsNamed() {
    home.properties("waybill.clickhouse.binary=no-such-clickhouse\n");
    Result result = once();
    assertThat(result.exitCode()).as(result.all()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("no-such-clickhouse", "waybill.clickhouse.binary");
  }

  @Test
  void unknownFlowIsNamedBesideThoseThatThereAre() {
    good();
    Result result = WaybillProcess.run(home, "run", "--once", "god").withoutStackTrace();
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("there is no flow god", "good");
  }

  @Test
  void unknownRunAndUnknownOptionAreWrongUsage() {
    good();
    Result run = WaybillProcess.run(home, "show", "zzz").withoutStackTrace();
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("zzz", "./waybill runs");
    Result option = WaybillProcess.run(home, "run", "--onze").withoutStackTrace();
    assertThat(option.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(option.err()).contains("--onze", "--once");
  }

  @Test
  void homeThatIsNotThereIsWrongUsage() {
    Result result =
        WaybillProcess.run(home, "flows", "--home", "no-such-folder").withoutStackTrace();
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("--home", "no-such-folder");
  }

  @Test
  void dataFolderThatCannotBeWrittenStopsTheStart() {
    good();
    home.write("data", "a file where the folder should be\n");
    Result result = once();
    assertThat(result.exitCode()).as(result.all()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("cannot write to", "data");
  }
}
