package io.waybill.road;

import io.waybill.app.Application;
import io.waybill.app.Home;
import io.waybill.app.OrderCounter;
import io.waybill.app.WaybillConfig;
import io.waybill.clickhouse.TableDdl;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.PostgresPlace;
import io.waybill.ledger.RunRow;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A home of Waybill that loads into a database of its own in the tests' ClickHouse, and what a test
 * asks of both sides afterwards: the rows, the ledger, the audit table.
 */
final class RoadHome {
  private static final int ALL = 10_000;
  private final Path folder;
  private final EmbeddedClickHouse server;
  private final String database;
  private final Map<String, String> properties = new TreeMap<>();

  private RoadHome(Path folder, EmbeddedClickHouse server) {
    this.folder = folder;
    this.server = server;
    this.database = TestClickHouse.createDatabase(server);
    set("waybill.clickhouse.url", server.url());
    set("waybill.clickhouse.user", server.user());
    set("waybill.clickhouse.password", server.password());
    set("waybill.hold.probe-initial", "200ms");
    set("waybill.hold.probe-max", "400ms");
    set("waybill.retry.initial-delay", "50ms");
    set("waybill.retry.max-delay", "500ms");
    set("waybill.once.idle", "300ms");
    set("waybill.files.quiet", "100ms");
    set("waybill.routes.reload-quiet", "100ms");
    set("waybill.routes.reload-poll", "1s");
    set("waybill.management.port", "off");
  }

  static RoadHome in(Path folder) {
    return on(TestClickHouse.server(), folder);
  }

  /** In a server that the test has for itself. */
  static RoadHome on(EmbeddedClickHouse server, Path folder) {
    return new RoadHome(folder, server);
  }

  /** Asks the server of this home as the user with all rights. */
  String query(String sql) {
    return TestClickHouse.query(server, sql);
  }

  Path folder() {
    return folder;
  }

  String database() {
    return database;
  }

  /** Sets a key of {@code application.properties}. */
  RoadHome set(String key, String value) {
    properties.put(key, value);
    StringBuilder text = new StringBuilder();
    properties.forEach((k, v) -> text.append(k).append('=').append(v).append('\n'));
    write("application.properties", text.toString());
    return this;
  }

  /** Writes a file of the home. */
  Path write(String name, String content) {
    return write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file of the home. */
  Path write(String name, byte[] content) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A flow that leaves its files in {@code in/FLOW}, into the table of the same name. */
  RoadHome flow(String flow, String options) {
    return flowFrom(flow, "file:in/%s?noop=true&initialDelay=0&delay=50".formatted(flow), options);
  }

  /** A flow that moves delivered files from {@code in/FLOW} to {@code in/FLOW/.camel}. */
  RoadHome movingFlow(String flow, String options) {
    return flowFrom(flow, "file:in/%s?initialDelay=0&delay=50".formatted(flow), options);
  }

  /** A flow from any endpoint into the table of the same name. */
  RoadHome flowFrom(String flow, String from, String options) {
    return route(
        flow,
        """
        - route:
            id: %s
            from:
              uri: %s
              steps:
                - to: %s
        """
            .formatted(flow, from, target(flow, options)));
  }

  /** URI of the waybill: endpoint for a table of this home. */
  String target(String table, String options) {
    return "waybill:%s.%s%s".formatted(database, table, options.isEmpty() ? "" : "?" + options);
  }

  /** Writes a route file. */
  RoadHome route(String name, String yaml) {
    write("routes/" + name + ".camel.yaml", yaml);
    return this;
  }

  /** Writes a file into the folder of a flow. */
  Path drop(String flow, String name, String content) {
    return write("in/" + flow + "/" + name, content);
  }

  /** Makes a table that keeps the promise. */
  RoadHome table(String table, String columns) {
    return tableBy(table, columns, "");
  }

  /** As {@link #table}, with a clause like PARTITION BY. */
  RoadHome tableBy(String table, String columns, String clause) {
    query(
        """
        CREATE TABLE %s.%s (%s, %s) ENGINE = MergeTree %s ORDER BY tuple()
        SETTINGS non_replicated_deduplication_window = 10000"""
            .formatted(database, table, columns, TableDdl.provenanceColumn(), clause));
    return this;
  }

  /** Starts the application in this process. */
  Application start(boolean once) {
    return start(once, false);
  }

  /** Starts Waybill without its flows; audit events that wait are carried. */
  Application startIdle() {
    return start(false, true);
  }

  /** Starts the application in this process, by another clock. */
  Application start(Clock clock) {
    return start(new Application.Options(false, false, List.of(), DownloadListener.SILENT, clock));
  }

  private Application start(boolean once, boolean idle) {
    return start(new Application.Options(once, idle, List.of(), DownloadListener.SILENT));
  }

  private Application start(Application.Options options) {
    try {
      Home home = new Home(folder);
      return Application.start(home, WaybillConfig.load(home.properties(), Map.of()), options);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs the flows until their sources are empty. */
  Ended once() {
    try (Application application = start(true)) {
      application.await();
      return new Ended(
          application.holds().stream()
              .map(hold -> hold.flow() + ": " + hold.reason() + " / " + hold.remedy())
              .toList(),
          application.problems().stream().map(Object::toString).toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Orders something, as the command line does: of a process that serves, or of this one. */
  Answer order(Order order) {
    try {
      Home home = new Home(folder);
      return OrderCounter.place(
          home,
          WaybillConfig.load(home.properties(), Map.of()),
          order,
          DownloadListener.SILENT,
          note -> {});
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** All dead letters, settled ones too. */
  List<DeadLetterRow> letters() {
    return ledger(reader -> reader.deadLetters(DeadLetterSelection.of(List.of()), ALL));
  }

  /**
   * How a run of the application ended.
   *
   * @param holds flows that wait, with reason and remedy
   * @param problems files that were not loaded
   */
  record Ended(List<String> holds, List<String> problems) {}

  /** Starts {@code waybill run --once} as a process of its own. */
  Child child(String... options) {
    return Child.start(folder, options);
  }

  /** Lines of a query, TSV. */
  List<String> rows(String table, String columns) {
    String answer =
        query("SELECT %1$s FROM %2$s.%3$s ORDER BY ALL".formatted(columns, database, table));
    return answer.isEmpty() ? List.of() : List.of(answer.split("\n", -1));
  }

  /** Whether this table is there. */
  boolean hasTable(String table) {
    return query("EXISTS TABLE %s.%s".formatted(database, table)).equals("1");
  }

  /** Has its ledger in a PostgreSQL. */
  RoadHome ledgerIn(String url) {
    return set("waybill.ledger.url", url).set("waybill.ledger.user", TestPostgres.USER);
  }

  private LedgerReader reader() {
    String url = properties.get("waybill.ledger.url");
    if (url == null) {
      return LedgerReader.open(folder.resolve("data/ledger.db"));
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser(TestPostgres.USER);
    return LedgerReader.open(new PostgresPlace("test", source, folder));
  }

  /** Reads the ledger. */
  <T> T ledger(Function<LedgerReader, T> question) {
    try (LedgerReader reader = reader()) {
      return question.apply(reader);
    }
  }

  /** The runs of a flow, the oldest first. */
  List<RunRow> runs(String flow) {
    List<RunRow> runs = new ArrayList<>(ledger(reader -> reader.runs(Optional.of(flow), ALL)));
    Collections.reverse(runs);
    return runs;
  }

  /** The states of a flow's runs, the oldest first. */
  List<String> states(String flow) {
    return runs(flow).stream().map(run -> run.state().label()).toList();
  }

  /** The flow as the ledger sees it. */
  FlowRow flow(String name) {
    return ledger(
        reader ->
            reader.flows().stream()
                .filter(flow -> flow.name().equals(name))
                .findFirst()
                .orElseThrow());
  }

  /** Each batch of the ledger. */
  List<BatchRow> batches() {
    return ledger(
        reader -> {
          List<BatchRow> batches = new ArrayList<>();
          for (RunRow run : reader.runs(Optional.empty(), ALL)) {
            batches.addAll(reader.batches(run.id()));
          }
          return batches;
        });
  }

  /** One line for each settled batch, as the audit table should have it. */
  List<String> settledInLedger() {
    return batches().stream()
        .filter(batch -> batch.settled().isPresent())
        .map(
            batch ->
                String.join(
                    " ",
                    batch.id(),
                    batch.state().label(),
                    Long.toString(batch.rows()),
                    Long.toString(batch.position().from()),
                    Long.toString(batch.position().to()),
                    batch.digest(),
                    batch.token()))
        .sorted()
        .toList();
  }

  /** One line for each event of this ledger in the audit table, doubled ones twice. */
  List<String> audit() {
    String ledger = ledger(LedgerReader::id).orElseThrow();
    if (query("EXISTS TABLE waybill.audit").equals("0")) {
      return List.of();
    }
    String answer =
        query(
            """
            SELECT concatWithSeparator(' ', batch, outcome, toString(rows),
              toString(position_from), toString(position_to), digest, token) AS line
            FROM waybill.audit WHERE ledger = '%s' AND kind = 'batch' ORDER BY line"""
                .formatted(ledger));
    return answer.isEmpty() ? List.of() : List.of(answer.split("\n", -1));
  }

  /** Names of the files in a folder of the home, sorted; empty if it is not there. */
  List<String> files(String name) {
    Path where = folder.resolve(name);
    if (!Files.isDirectory(where)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(where)) {
      return found
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
