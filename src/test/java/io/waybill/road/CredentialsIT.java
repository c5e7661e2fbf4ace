package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.clickhouse.embedded.EmbeddedSettings;
import io.waybill.clickhouse.embedded.ServerExtras;
import io.waybill.testing.FaultProxy;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestVault;
import io.waybill.testing.fault.FaultScript;
import io.waybill.testing.fault.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows whose ClickHouse user and secrets stand in a real Vault. */
class CredentialsIT {
  private static final String FLOW = "big";
  private static final long ROWS = 60_000;
  private static final String COUNT = "SELECT count() FROM %s.big";
  @TempDir static Path vaultHome;
  private static TestVault vault;
  @TempDir Path folder;
  private RoadHome home;

  @BeforeAll
  static void startVault() {
    vault = TestVault.start(vaultHome);
  }

  @AfterAll
  static void stopVault() {
    if (vault != null) {
      vault.close();
    }
  }

  @BeforeEach
  void home() throws Exception {
    asUser(TestClickHouse.FIRST);
    home = configured(RoadHome.in(folder));
  }

  private static RoadHome configured(RoadHome home) throws Exception {
    Path token = home.write("vault-token", vault.rootToken());
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    return home.set("waybill.clickhouse.user", "")
        .set("waybill.clickhouse.password", "")
        .set("waybill.clickhouse.vault-kv", "secret/clickhouse")
        .set("waybill.vault.address", vault.address())
        .set("waybill.vault.token-file", token.toString())
        .set("waybill.vault.poll", "50ms");
  }

  private static void asUser(String user) {
    vault.put(
        "secret/clickhouse", Map.of("username", user, "password", TestClickHouse.EXTRA_PASSWORD));
  }

  private static long insertsAs(RoadHome home, String user) {
    TestClickHouse.execute("SYSTEM FLUSH LOGS query_log");
    return Long.parseLong(
        TestClickHouse.query(
            "SELECT count() FROM system.query_log WHERE type = 'QueryFinish' AND query_kind = 'Insert' AND user = '%s' AND has(databases, '%s')"
                .formatted(user, home.database())));
  }

  @Test
  void usersThatAreRotatedUnderLoadLoseAndDoubleNothing() {
    BigLoad load = BigLoad.of(home, 300_000, "batchRows=1000");
    CompletableFuture<RoadHome.Ended> run = CompletableFuture.supplyAsync(home::once);
    String[] users = {TestClickHouse.SECOND, TestClickHouse.FIRST};
    for (int i = 0; i < 6; i++) {
      long settled = (i + 1) * 30L;
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> run.isDone() || settledBatches(load) >= settled);
      asUser(users[i % 2]);
    }
    assertThat(run.join().holds()).isEmpty();
    load.assertWhole();
    assertThat(home.runs(FLOW)).hasSize(1);
    assertThat(insertsAs(home, TestClickHouse.FIRST)).isPositive();
    assertThat(insertsAs(home, TestClickHouse.SECOND)).isPositive();
  }

  private long settledBatches(BigLoad load) {
    return folder.resolve("data/ledger.db").toFile().exists() ? load.settled() : 0;
  }

  /** ClickHouse is restarted with another password; Waybill would not look for it for an hour. */
  @Test
  void aPasswordThatChangesInMidLoadHoldsNothing(@TempDir Path serverFolder) throws Exception {
    rotated("the-password-of-before");
    EmbeddedClickHouse before =
        EmbeddedClickHouse.start(rotated(serverFolder, "the-password-of-before"));
    try (FaultProxy proxy =
        FaultProxy.start(before.url(), FaultScript.of(Request::isRows, List.of()))) {
      RoadHome own =
          configured(RoadHome.on(before, folder))
              .set("waybill.clickhouse.url", proxy.url())
              .set("waybill.vault.poll", "1h");
      own.table(FLOW, "id UInt64").movingFlow(FLOW, "batchRows=100");
      own.drop(
          FLOW,
          "a.csv",
          LongStream.range(0, ROWS)
              .mapToObj(id -> id + "\n")
              .collect(Collectors.joining("", "id\n", "")));
      CompletableFuture<RoadHome.Ended> run = CompletableFuture.supplyAsync(own::once);
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Long.parseLong(own.query(COUNT.formatted(own.database()))) > 1000);
      rotated("the-password-of-after");
      before.close();
      try (EmbeddedClickHouse after =
          EmbeddedClickHouse.start(rotated(serverFolder, "the-password-of-after"))) {
        proxy.retarget(after.url());
        assertThat(run.join().holds()).isEmpty();
        assertThat(
                TestClickHouse.query(
                    after, "SELECT count(), uniqExact(id) FROM %s.big".formatted(own.database())))
            .isEqualTo(ROWS + "\t" + ROWS);
        assertThat(
                TestClickHouse.query(
                    after, "SELECT sum(value) FROM system.errors WHERE code = 516"))
            .as("the old password was tried and refused")
            .isNotEqualTo("0");
      }
      assertThat(own.states(FLOW)).containsExactly("completed");
      assertThat(own.runs(FLOW)).hasSize(1);
    } finally {
      before.close();
    }
  }

  private static void rotated(String password) {
    vault.put("secret/clickhouse", Map.of("username", "rotated", "password", password));
  }

  private static EmbeddedSettings rotated(Path folder, String password) {
    String user =
        "<rotated><password>%s</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></rotated>"
            .formatted(password);
    return EmbeddedSettings.in(folder)
        .withExtras(new ServerExtras(List.of(user), List.of(), List.of()));
  }

  @Test
  void aBatchThatIsRefusedForAnOldPasswordGoesUnderTheNewOne() {
    home.set("waybill.vault.poll", "1h").set("waybill.clickhouse.user", TestClickHouse.SECOND);
    vault.put("secret/clickhouse", Map.of("password", "an-old-password"));
    home.table(FLOW, "id UInt64").movingFlow(FLOW, "");
    try (var application = home.start(false)) {
      Awaitility.await().until(() -> !application.holds().isEmpty());
      assertThat(application.holds()).allSatisfy(hold -> assertThat(hold.reason()).contains("516"));
      vault.put("secret/clickhouse", Map.of("password", TestClickHouse.EXTRA_PASSWORD));
      home.drop(FLOW, "a.csv", "id\n1\n2\n");
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> home.rows(FLOW, "count()").equals(List.of("2")));
    }
    assertThat(home.states(FLOW)).containsExactly("completed");
  }

  @Test
  void aSecretThatIsMissingHoldsItsFlowAndItGoesOnWhenItIsThere() {
    home.table(FLOW, "id UInt64")
        .table("other", "id UInt64")
        .movingFlow("other", "")
        .flowFrom(
            FLOW,
            "file:in/%s?initialDelay=0&delay=50&antInclude={{hashicorp:secret:files#include}}"
                .formatted(FLOW),
            "");
    home.drop(FLOW, "a.csv", "id\n1\n");
    home.drop("other", "b.csv", "id\n2\n");
    try (var application = home.start(false)) {
      assertThat(application.problems()).isEmpty();
      assertThat(application.holds())
          .singleElement()
          .satisfies(
              hold -> {
                assertThat(hold.flow()).isEqualTo(FLOW);
                assertThat(hold.reason()).contains("secret/files");
              });
      Awaitility.await().until(() -> home.rows("other", "count()").equals(List.of("1")));
      vault.put("secret/files", Map.of("include", "*.csv"));
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> home.rows(FLOW, "count()").equals(List.of("1")));
      assertThat(application.holds()).isEmpty();
    }
  }

  @Test
  void aFlowWritesByTheConnectionThatItNames() {
    home.set("waybill.connections.second.url", TestClickHouse.url())
        .set("waybill.connections.second.user", TestClickHouse.SECOND)
        .set("waybill.connections.second.password", TestClickHouse.EXTRA_PASSWORD)
        .table(FLOW, "id UInt64")
        .movingFlow(FLOW, "connection=second")
        .movingFlow("lost", "connection=third");
    home.drop(FLOW, "a.csv", "id\n1\nbad\n");
    assertThat(home.once().problems())
        .singleElement()
        .asString()
        .contains(
            "there is no connection third to a ClickHouse; set waybill.connections.third.url");
    assertThat(home.rows(FLOW, "id")).containsExactly("1");
    assertThat(insertsAs(home, TestClickHouse.SECOND)).isPositive();
    assertThat(insertsAs(home, TestClickHouse.FIRST)).isZero();
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void camelsOwnVaultComponentUsesTheSameLogin() {
    vault.put("secret/list", Map.of("ids", "7"));
    home.table(FLOW, "id UInt64")
        .route(
            FLOW,
            """
            - route:
                id: big
                from:
                  uri: timer:once?repeatCount=1
                  steps:
                    - to: hashicorp-vault:secret?operation=getSecret&secretPath=list
                    - setBody:
                        simple: "id\\n${body[data][ids]}\\n"
                    - to: waybill:%s.big?format=CSVWithNames
            """
                .formatted(home.database()));
    try (var application = home.start(false)) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> home.rows(FLOW, "id").equals(List.of("7")));
      assertThat(application.problems()).isEmpty();
    }
  }

  @Test
  void whileVaultIsSealedOrGoneWhatIsHeldStaysInUse() {
    home.table(FLOW, "id UInt64").movingFlow(FLOW, "");
    try (var application = home.start(false)) {
      home.drop(FLOW, "a.csv", "id\n1\n");
      Awaitility.await().until(() -> home.rows(FLOW, "count()").equals(List.of("1")));
      vault.seal();
      home.drop(FLOW, "b.csv", "id\n2\n");
      Awaitility.await().until(() -> home.rows(FLOW, "count()").equals(List.of("2")));
      vault.unseal();
      vault.kill();
      home.drop(FLOW, "c.csv", "id\n3\n");
      Awaitility.await().until(() -> home.rows(FLOW, "count()").equals(List.of("3")));
      vault.restart();
      asUser(TestClickHouse.SECOND);
      AtomicInteger next = new AtomicInteger(3);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                int id = next.incrementAndGet();
                home.drop(FLOW, id + ".csv", "id\n" + id + "\n");
                return insertsAs(home, TestClickHouse.SECOND) > 0;
              });
      assertThat(application.holds()).isEmpty();
    }
  }
}
