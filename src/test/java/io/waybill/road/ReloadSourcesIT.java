package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RouteFileRow;
import io.waybill.testing.FaultProxy;
import io.waybill.testing.TestArtemis;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.fault.Fault;
import io.waybill.testing.fault.FaultScript;
import io.waybill.testing.fault.Request;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What hangs on routes that are replaced: messages of a broker, answers that do not come, beans,
 * secrets.
 */
@Timeout(300)
final class ReloadSourcesIT {
  private static final String FLOW = "flow";
  private static final String FILE = "routes/flow.camel.yaml";
  private static final ConditionFactory SOON =
      Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100));

  @TempDir Path folder;
  @TempDir Path brokerFolder;
  private RoadHome home;
  private Application application;

  @BeforeEach
  void aTable() {
    home = RoadHome.in(folder).table(FLOW, "id UInt64, text String");
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

  private void change(String name, String content) throws Exception {
    Path whole = home.write("routes/.edit", content);
    Files.createDirectories(folder.resolve(name).getParent());
    Files.move(whole, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private String digest(String name) {
    return routeFile(name).map(RouteFileRow::digest).orElse("");
  }

  private java.util.Optional<RouteFileRow> routeFile(String name) {
    return home.ledger(LedgerReader::routeFiles).stream()
        .filter(file -> file.name().equals(name))
        .findFirst();
  }

  private String refusal(String name) {
    return routeFile(name)
        .flatMap(RouteFileRow::refusal)
        .map(RouteFileRow.Refusal::reason)
        .orElse("");
  }

  private void changeAndAwait(String name, String content) throws Exception {
    String before = digest(name);
    change(name, content);
    SOON.until(() -> !digest(name).equals(before));
  }

  private String route(String uri, String steps, String options) {
    return """
        - route:
            id: flow
            from:
              uri: %s
              steps:
        %s        - to: %s
        """
        .formatted(uri, steps.indent(8), home.target(FLOW, options));
  }

  private String files(String steps, String options) {
    return route("file:in/flow?initialDelay=0&delay=50", steps, options);
  }

  private long count() {
    return Long.parseLong(home.query("SELECT count() FROM %s.flow".formatted(home.database())));
  }

  private void assertOnce(long rows) {
    assertThat(
            home.rows(FLOW, "count(), uniqExact(id), min(id), max(id), countIf(text = 't' || id)"))
        .containsExactly("%1$d\t%1$d\t0\t%2$d\t%1$d".formatted(rows, rows - 1));
    Carried.assertPapers(home);
  }

  @Test
  void messagesOfABrokerAreThereOnceHoweverOftenTheirRouteIsReplaced() throws Exception {
    int messages = 4_000;
    try (TestArtemis broker = TestArtemis.start(brokerFolder)) {
      home.set(
              "camel.component.jms.connection-factory",
              "#class:org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory")
          .set("camel.component.jms.connection-factory.brokerURL", broker.url());
      String uri =
          "jms:queue:in?transacted=true&lazyCreateTransactionManager=false"
              + "&cacheLevelName=CACHE_CONSUMER&concurrentConsumers=5";
      change(FILE, route(uri, "", "batchInterval=150ms"));
      serve();
      for (int change = 0; change < 8; change++) {
        long from = (long) change * messages / 8;
        broker.send(
            "in",
            LongStream.range(from, from + messages / 8)
                .mapToObj(id -> "{\"id\": %1$d, \"text\": \"t%1$d\"}".formatted(id)));
        String ack = change % 2 == 0 ? "committed" : "spooled";
        changeAndAwait(
            FILE, route(uri, "", "batchInterval=%dms&ack=%s".formatted(100 + change, ack)));
      }
      SOON.untilAsserted(
          () ->
              assertThat(List.of(count(), broker.waiting("in")))
                  .as("%s %s", application.holds(), home.files("data/spool/flow"))
                  .containsExactly((long) messages, 0L));
      SOON.until(() -> application.auditPending() == 0);
      application.close();
    }
    assertOnce(messages);
  }

  @Test
  void anAnswerThatDoesNotComeIsGivenUpAndItsBatchGoesOnInTheNextVersion() throws Exception {
    home.set("waybill.shutdown-timeout", "2s");
    change(FILE, files("", "batchRows=2"));
    try (FaultProxy proxy =
        FaultProxy.start(
            TestClickHouse.url(), FaultScript.of(Request::isRows, List.of(Fault.DELAY_REPLY)))) {
      home.set("waybill.clickhouse.url", proxy.url());
      serve();
      home.drop(FLOW, "a.csv", "id,text\n0,t0\n1,t1\n2,t2\n3,t3\n4,t4\n");
      SOON.until(() -> count() == 5); // all is applied, and one answer does not come
      changeAndAwait(FILE, files("", "batchRows=3"));
      SOON.until(() -> home.files("in/flow").isEmpty() && count() == 5);
      assertThat(home.flow(FLOW).hold()).isEmpty();
      SOON.until(() -> application.auditPending() == 0);
      assertOnce(5);
    }
  }

  private String withPool(String pool) {
    return """
        - beans:
            - name: lookup
              type: com.zaxxer.hikari.HikariDataSource
              properties:
                jdbcUrl: "jdbc:sqlite:%s"
                poolName: %s
                registerMbeans: true
                maximumPoolSize: 1
        """
            .formatted(folder.resolve("lookup.db"), pool)
        + files(
            """
            - setProperty: {name: kept, simple: "${body}"}
            - to: "sql:select 1 as one?dataSource=#lookup"
            - setBody: {simple: "${exchangeProperty.kept}"}
            """,
            "");
  }

  private static boolean isOpen(String pool) throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .isRegistered(new ObjectName("com.zaxxer.hikari:type=Pool (" + pool + ")"));
  }

  @Test
  void aDataSourceGoesWithItsFile() throws Exception {
    change(FILE, withPool("first"));
    serve();
    home.drop(FLOW, "a.csv", "id,text\n0,t0\n");
    SOON.until(() -> count() == 1);
    assertThat(isOpen("first")).isTrue();
    changeAndAwait(FILE, withPool("second"));
    assertThat(isOpen("first")).isFalse();
    home.drop(FLOW, "b.csv", "id,text\n1,t1\n");
    SOON.until(() -> count() == 2);
    assertThat(isOpen("second")).isTrue();
    change(
        "routes/thief.camel.yaml",
        withPool("third").replace("id: flow", "id: thief").replace("in/flow", "in/thief"));
    SOON.until(() -> refusal("routes/thief.camel.yaml").contains("bean"));
    assertThat(isOpen("third")).isFalse();
    assertThat(isOpen("second")).isTrue();
    Files.delete(folder.resolve(FILE));
    // the name is free now, and the file that wanted it is taken
    SOON.until(() -> !digest("routes/thief.camel.yaml").isEmpty());
    assertThat(isOpen("second")).isFalse();
    home.drop("thief", "c.csv", "id,text\n2,t2\n");
    SOON.until(() -> count() == 3);
    assertThat(isOpen("third")).isTrue();
  }

  @Test
  void aVersionThatWouldWaitIsTakenWhenItNeedNotAnyMore() throws Exception {
    change(FILE, files("", ""));
    serve();
    change(FILE, files("", "").replace(".flow", ".later"));
    SOON.until(() -> refusal(FILE).contains("UNKNOWN_TABLE"));
    home.drop(FLOW, "a.csv", "id,text\n0,t0\n");
    SOON.until(() -> count() == 1);
    home.table("later", "id UInt64, text String");
    SOON.until(() -> refusal(FILE).isEmpty());
    home.drop(FLOW, "b.csv", "id,text\n1,t1\n");
    SOON.until(() -> home.rows("later", "id").equals(List.of("1")));
  }

  @Test
  void aSecretThatIsMissingLeavesTheVersionBefore() throws Exception {
    home.set("waybill.vault.address", "http://127.0.0.1:9").set("waybill.vault.token", "none");
    change(FILE, files("", ""));
    serve();
    change(
        FILE,
        files("- setHeader: {name: x, constant: '{{hashicorp:secret:sftp#password}}'}\n", ""));
    SOON.until(() -> !refusal(FILE).isEmpty());
    home.drop(FLOW, "a.csv", "id,text\n0,t0\n");
    SOON.until(() -> count() == 1);
    assertThat(home.flow(FLOW).hold()).isEmpty();
  }

  @Test
  void filesOfRoutesWaybillAreTakenAtTheNextStart() throws Exception {
    change(FILE, files("", ""));
    serve();
    String own = "routes/waybill/dead-letter.camel.yaml";
    change(own, Files.readString(Path.of(own)) + "\n# mine\n");
    SOON.until(() -> refusal(own).contains("next start"));
    application.close();
    serve();
    assertThat(refusal(own)).isEmpty();
    assertThat(digest(own)).isNotEmpty();
  }

  @Test
  void inProductionNothingIsTakenBeforeTheNextStart() throws Exception {
    change(FILE, files("", ""));
    home.set("waybill.routes.reload", "false");
    serve();
    String before = digest(FILE);
    change(FILE, files("", "batchRows=3"));
    home.drop(FLOW, "a.csv", "id,text\n0,t0\n");
    SOON.until(() -> count() == 1);
    assertThat(digest(FILE)).isEqualTo(before);
    application.close();
    serve();
    assertThat(digest(FILE)).isNotEqualTo(before);
  }

  @Test
  void anEmptyFileIsNoFileWithoutRoutes() throws Exception {
    change(FILE, files("", ""));
    serve();
    change(FILE, "");
    SOON.until(() -> refusal(FILE).contains("is empty"));
    home.drop(FLOW, "a.csv", "id,text\n0,t0\n");
    SOON.until(() -> count() == 1);
    assertThat(home.flow(FLOW).loaded()).isTrue();
  }
}
