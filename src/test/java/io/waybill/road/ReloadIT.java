package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RouteFileRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Route files that are changed while their flows run: every row once, and what is broken changes
 * nothing.
 */
@Timeout(300)
final class ReloadIT {
  private static final String FLOW = "flow";
  private static final String FILE = "routes/flow.camel.yaml";
  private static final ConditionFactory SOON =
      Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100));

  @TempDir Path folder;
  private RoadHome home;
  private Application application;

  @BeforeEach
  void aFlowIntoATable() {
    home = RoadHome.in(folder);
    home.table(FLOW, "id UInt64, text String").movingFlow(FLOW, "batchRows=500&inFlight=2");
  }

  @AfterEach
  void stop() {
    if (application != null) {
      application.close();
    }
  }

  private void serve() {
    application = home.start(false);
  }

  private static String csv(long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(id -> id + ",t" + id + "\n")
        .collect(Collectors.joining("", "id,text\n", ""));
  }

  /** Writes a file as editors do, whole under another name first. */
  private void rename(String name, String content) {
    try {
      Path whole = home.write("routes/.edit-" + Path.of(name).getFileName(), content);
      Files.move(whole, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String route(String flow, String options, String comment) {
    return """
        # %s
        - route:
            id: %s
            from:
              uri: file:in/%s?initialDelay=0&delay=50
              steps:
                - to: %s
        """
        .formatted(comment, flow, flow, home.target(flow, options));
  }

  private RouteFileRow routeFile(String name) {
    return routeFiles().stream().filter(file -> file.name().equals(name)).findFirst().orElseThrow();
  }

  private List<RouteFileRow> routeFiles() {
    return home.ledger(LedgerReader::routeFiles);
  }

  private String digest(String name) {
    return routeFiles().stream()
        .filter(file -> file.name().equals(name))
        .map(RouteFileRow::digest)
        .findFirst()
        .orElse("");
  }

  private void awaitChange(String file, String before) {
    SOON.until(() -> !digest(file).equals(before));
  }

  private void awaitRefusal(String file, String reason) {
    SOON.untilAsserted(
        () ->
            assertThat(routeFiles())
                .filteredOn(each -> each.name().equals(file))
                .extracting(each -> each.refusal().map(RouteFileRow.Refusal::reason).orElse(""))
                .singleElement()
                .asString()
                .contains(reason));
  }

  private long count(String table) {
    return Long.parseLong(
        home.query("SELECT count() FROM %s.%s".formatted(home.database(), table)));
  }

  /** All ids from 0, each once and with its own text. */
  private void assertOnce(String table, long rows) {
    assertThat(
            home.query(
                """
                SELECT count(), uniqExact(id), min(id), max(id), countIf(text = concat('t', toString(id)))
                FROM %s.%s"""
                    .formatted(home.database(), table)))
        .isEqualTo("%1$d\t%1$d\t0\t%2$d\t%1$d".formatted(rows, rows - 1));
  }

  private List<String> audit(String columns) {
    String ledger = home.ledger(LedgerReader::id).orElseThrow();
    String answer =
        home.query(
            "SELECT %s FROM waybill.audit WHERE ledger = '%s' AND kind = 'route-file' ORDER BY seq"
                .formatted(columns, ledger));
    return answer.isEmpty() ? List.of() : List.of(answer.split("\n", -1));
  }

  @Test
  void aFileThatIsAddedChangedAndDeletedWhileItServes() {
    serve();
    home.drop(FLOW, "a.csv", csv(0, 10));
    SOON.until(() -> count(FLOW) == 10);

    home.table("late", "id UInt64, text String").movingFlow("late", "");
    home.drop("late", "a.csv", csv(0, 7));
    SOON.until(() -> count("late") == 7);

    String before = digest("routes/late.camel.yaml");
    home.table("later", "id UInt64, text String");
    rename(
        "routes/late.camel.yaml",
        route("late", "", "to another table")
            .replace(home.target("late", ""), home.target("later", "")));
    awaitChange("routes/late.camel.yaml", before);
    home.drop("late", "b.csv", csv(7, 9));
    SOON.until(() -> count("later") == 2);

    delete("routes/late.camel.yaml");
    SOON.until(() -> digest("routes/late.camel.yaml").isEmpty());
    home.drop("late", "c.csv", csv(9, 11));
    home.drop(FLOW, "b.csv", csv(10, 20));
    SOON.until(() -> count(FLOW) == 20);
    assertThat(home.files("in/late")).containsExactly("c.csv");
    assertThat(count("later")).isEqualTo(2);
    assertThat(home.flow("late").loaded()).isFalse();
    assertThat(home.flow(FLOW)).matches(FlowRow::loaded);
    Awaitility.await().until(() -> application.auditPending() == 0);
    assertThat(audit("outcome, source, flows, digest_before != '', digest != '', ordered_by != ''"))
        .containsExactly(
            "loaded\troutes/flow.camel.yaml\t['flow']\t0\t1\t1",
            "loaded\troutes/late.camel.yaml\t['late']\t0\t1\t1",
            "changed\troutes/late.camel.yaml\t['late']\t1\t1\t1",
            "removed\troutes/late.camel.yaml\t['late']\t1\t0\t1");
  }

  private void delete(String name) {
    try {
      Files.delete(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatIsChangedTwentyTimesUnderLoadDeliversEveryRowOnce() {
    home.movingFlow(FLOW, "batchRows=2000&inFlight=2");
    int files = 24;
    int rows = 10_000;
    for (int i = 0; i < files; i++) {
      home.drop(FLOW, "f%02d.csv".formatted(i), csv((long) i * rows, (long) (i + 1) * rows));
    }
    serve();
    for (int change = 0; change < 20; change++) {
      String before = digest(FILE);
      rename(FILE, route(FLOW, "batchRows=%d".formatted(1500 + 37 * change), "change " + change));
      awaitChange(FILE, before);
      if (change % 5 == 0) {
        int more = files++;
        home.drop(
            FLOW, "f%02d.csv".formatted(more), csv((long) more * rows, (long) (more + 1) * rows));
      }
    }
    long all = (long) files * rows;
    SOON.until(() -> count(FLOW) >= all && home.files("in/flow").isEmpty());
    assertOnce(FLOW, all);
    assertThat(all).isGreaterThanOrEqualTo(200_000);
    Awaitility.await().until(() -> application.auditPending() == 0);
    assertThat(audit("outcome")).hasSize(21);
    Carried.assertPapers(home);
    // some changes must have met batches on their way
    assertThat(home.batches()).hasSizeGreaterThan(20);
  }

  static List<List<String>> broken() {
    return List.of(
        List.of("syntax", "- route: {id: flow, from: [", "routes/flow.camel.yaml:"),
        List.of(
            "a component that is not there",
            "- route: {id: flow, from: {uri: 'nosuch:x', steps: [{to: TARGET}]}}",
            "nosuch"),
        List.of(
            "an option that is not there",
            "- route: {id: flow, from: {uri: 'file:in/flow', steps: [{to: 'TARGET?batchRow=5'}]}}",
            "did you mean batchRows"),
        List.of(
            "an id of another file",
            "- route: {id: other, from: {uri: 'file:in/flow', steps: [{to: TARGET}]}}",
            "is that of routes/other.camel.yaml"),
        List.of(
            "a table that is not there",
            "- route: {id: flow, from: {uri: 'file:in/flow', steps: [{to: 'TARGET_gone'}]}}",
            "would be held"),
        List.of(
            "a bean that throws",
            """
            - beans: [{name: ds, type: 'com.zaxxer.hikari.HikariDataSource', properties: {jdbcUrl: 'nonsense:x', minimumIdle: -5}}]
            - route: {id: flow, from: {uri: 'file:in/flow', steps: [{to: TARGET}]}}
            """,
            ""),
        List.of(
            "a flow that would swallow errors",
            "- route: {id: flow, errorHandler: {deadLetterChannel: {deadLetterUri: 'log:x'}}, from:"
                + " {uri: 'file:in/flow', steps: [{to: TARGET}]}}",
            "leave it out"),
        List.of(
            "a placeholder that is not there",
            "- route: {id: flow, from: {uri: 'file:{{no.such.key}}', steps: [{to: TARGET}]}}",
            "no.such.key"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenFileLeavesTheRunningVersionDelivering(List<String> kind) {
    home.table("other", "id UInt64, text String").movingFlow("other", "");
    serve();
    home.drop(FLOW, "a.csv", csv(0, 10));
    SOON.until(() -> count(FLOW) == 10);
    String loaded = digest(FILE);
    rename(FILE, kind.get(1).replace("TARGET", home.target(FLOW, "")));
    awaitRefusal(FILE, kind.get(2));
    assertThat(digest(FILE)).isEqualTo(loaded);
    assertThat(routeFile(FILE).flows()).containsExactly(FLOW);
    assertThat(home.flow(FLOW).loaded()).isTrue();
    home.drop(FLOW, "b.csv", csv(10, 20));
    home.drop("other", "b.csv", csv(0, 5));
    SOON.until(() -> count(FLOW) == 20 && count("other") == 5);
    assertOnce(FLOW, 20);
    rename(FILE, route(FLOW, "batchRows=7", "mended"));
    awaitChange(FILE, loaded);
    assertThat(routeFile(FILE).refusal()).isEmpty();
    home.drop(FLOW, "c.csv", csv(20, 30));
    SOON.until(() -> count(FLOW) == 30);
    assertOnce(FLOW, 30);
  }

  private String java(String text) {
    return """
        import org.apache.camel.builder.RouteBuilder;

        public class Made extends RouteBuilder {
          @Override
          public void configure() {
            from("file:in/made?initialDelay=0&delay=50").routeId("made")
                .process(exchange -> %s)
                .to("%s");
          }
        }
        """
        .formatted(text, home.target("made", "format=CSV"));
  }

  @Test
  void aJavaFileThatIsChangedTwiceAndBrokenOnceRunsAsItWasWrittenLast() {
    home.table("made", "text String");
    home.write("routes/Made.java", java("exchange.getMessage().setBody(\"one\\n\")"));
    serve();
    home.drop("made", "1", "x");
    SOON.until(() -> count("made") == 1);
    for (String word : List.of("two", "three")) {
      String before = digest("routes/Made.java");
      rename("routes/Made.java", java("exchange.getMessage().setBody(\"" + word + "\\n\")"));
      awaitChange("routes/Made.java", before);
      home.drop("made", word, "x");
      SOON.until(() -> home.rows("made", "text").contains(word));
    }
    rename("routes/Made.java", java("no java at all"));
    awaitRefusal("routes/Made.java", "does not compile");
    home.drop("made", "4", "x");
    SOON.until(() -> count("made") == 4);
    assertThat(home.rows("made", "text")).containsExactly("one", "three", "three", "two");
  }

  @Test
  void aRouteThatMovesFromFileToFileAndAFileThatIsRenamedRunOn() throws IOException {
    serve();
    home.drop(FLOW, "a.csv", csv(0, 10));
    SOON.until(() -> count(FLOW) == 10);
    // a move in one go, with another flow staying behind
    home.table("stays", "id UInt64, text String");
    rename("routes/b.camel.yaml", route(FLOW, "batchRows=3", "moved here"));
    rename(FILE, route("stays", "", "and another one here"));
    SOON.until(() -> !digest("routes/b.camel.yaml").isEmpty());
    SOON.until(() -> home.flow(FLOW).declaredIn().equals("routes/b.camel.yaml"));
    home.drop(FLOW, "b.csv", csv(10, 20));
    home.drop("stays", "a.csv", csv(0, 4));
    SOON.until(() -> count(FLOW) == 20 && count("stays") == 4);
    Files.move(folder.resolve("routes/b.camel.yaml"), folder.resolve("routes/c.camel.yaml"));
    SOON.until(() -> home.flow(FLOW).declaredIn().equals("routes/c.camel.yaml"));
    home.drop(FLOW, "c.csv", csv(20, 30));
    SOON.until(() -> count(FLOW) == 30);
    assertOnce(FLOW, 30);
    assertThat(routeFiles().stream().map(RouteFileRow::name))
        .containsExactly("routes/c.camel.yaml", FILE);
    assertThat(home.flow(FLOW).loaded()).isTrue();
  }

  @Test
  void tenFilesThatAreChangedAtTheSameTime() {
    List<String> flows = IntStream.range(0, 10).mapToObj(i -> "many" + i).toList();
    flows.forEach(flow -> home.table(flow, "id UInt64, text String").movingFlow(flow, ""));
    serve();
    flows.forEach(flow -> home.drop(flow, "a.csv", csv(0, 1000)));
    List<String> before =
        new ArrayList<>(
            flows.stream().map(flow -> digest("routes/" + flow + ".camel.yaml")).toList());
    flows.stream()
        .parallel()
        .forEach(
            flow -> rename("routes/" + flow + ".camel.yaml", route(flow, "batchRows=400", "")));
    SOON.until(
        () ->
            flows.stream()
                .noneMatch(flow -> before.contains(digest("routes/" + flow + ".camel.yaml"))));
    flows.forEach(flow -> home.drop(flow, "b.csv", csv(1000, 2000)));
    SOON.until(() -> flows.stream().allMatch(flow -> count(flow) == 2000));
    flows.forEach(flow -> assertOnce(flow, 2000));
  }

  @Test
  void ofTwoNewFilesWithTheSameRouteOneIsTaken() throws IOException {
    home.table("twin", "id UInt64, text String");
    serve();
    String route = route("twin", "", "a twin");
    home.write("routes/.a", route);
    home.write("routes/.b", route);
    Files.move(folder.resolve("routes/.a"), folder.resolve("routes/twin1.camel.yaml"));
    Files.move(folder.resolve("routes/.b"), folder.resolve("routes/twin2.camel.yaml"));
    awaitRefusal("routes/twin2.camel.yaml", "is that of routes/twin1.camel.yaml");
    home.drop("twin", "a.csv", csv(0, 10));
    SOON.until(() -> count("twin") == 10);
    delete("routes/twin1.camel.yaml");
    SOON.until(() -> !digest("routes/twin2.camel.yaml").isEmpty());
    home.drop("twin", "b.csv", csv(10, 20));
    SOON.until(() -> count("twin") == 20);
    assertOnce("twin", 20);
  }

  @Test
  void aFileThatIsHeldIsLookedAtAnewWhenItIsMended() {
    home.movingFlow("bare", "");
    serve();
    home.drop("bare", "a.csv", csv(0, 10));
    SOON.until(() -> home.flow("bare").hold().isPresent());
    rename("routes/bare.camel.yaml", route("bare", "createTable=true", "mended"));
    SOON.until(() -> home.hasTable("bare") && count("bare") == 10);
    assertThat(home.flow("bare").hold()).isEmpty();
  }

  @Test
  void examplesBelowTheFolderAreNotStarted() {
    home.write("routes/examples/other.camel.yaml", "- route: {id: other, from: [broken");
    serve();
    home.write("routes/examples/late.camel.yaml", route("late", "", "an example"));
    home.write("routes/.hidden.camel.yaml", route("hidden", "", "an editor's own"));
    rename(FILE, route(FLOW, "batchRows=3", "seen after them"));
    SOON.until(() -> home.flow(FLOW).declaredIn().equals(FILE) && audit("outcome").size() == 2);
    assertThat(routeFiles().stream().map(RouteFileRow::name)).containsExactly(FILE);
    assertThat(application.problems()).isEmpty();
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"ROUTES_OUT", "ROUTES_IN"})
  void killedInMidSwapItGoesOnWithTheFileAsItIs(String step) {
    home.drop(FLOW, "a.csv", csv(0, 20_000));
    try (Child child =
        Child.command(
            folder, List.of(), List.of("-Dwaybill.test.kill=" + step + ":1"), List.of("run"))) {
      SOON.until(() -> count(FLOW) > 0);
      rename(FILE, route(FLOW, "batchRows=900", "killed on the way"));
      assertThat(child.awaitEnd(Duration.ofSeconds(90))).isEqualTo(137);
    }
    home.drop(FLOW, "b.csv", csv(20_000, 25_000));
    home.once();
    assertOnce(FLOW, 25_000);
    Carried.assertPapers(home);
    assertThat(audit("outcome")).containsExactly("loaded", "changed");
    assertThat(routeFile(FILE).refusal()).isEmpty();
  }
}
