package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.audit.AuditField;
import io.waybill.audit.ChainEntry;
import io.waybill.ledger.AuditSelection;
import io.waybill.ledger.RunRow;
import io.waybill.testing.Recipe;
import io.waybill.testing.TestVault;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow that reads a real PostgreSQL as users that a real Vault makes and takes away. */
class LeasedCredentialsIT {
  @TempDir static Path vaultHome;
  private static TestVault vault;
  private static EmbeddedPostgres postgres;
  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException, SQLException {
    vault = TestVault.start(vaultHome);
    postgres = EmbeddedPostgres.start();
    execute(
        "CREATE TABLE orders (id INT PRIMARY KEY)",
        "INSERT INTO orders SELECT generate_series(1, 100)",
        // keeps every leased user's name, also of those that are gone
        "CREATE TABLE readers (name TEXT)",
        "ALTER USER postgres PASSWORD 'superuser-of-the-test'");
    Recipe.of("What the login may do").run(vault);
  }

  @AfterAll
  static void stop() throws IOException {
    if (vault != null) {
      vault.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> list(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private static List<String> leased() throws SQLException {
    return list("SELECT rolname FROM pg_roles WHERE rolname LIKE 'v-%'");
  }

  /** The settings of a login that may take and give back users of the database. */
  private Map<String, String> settings() {
    String server = "127.0.0.1:%d/postgres".formatted(postgres.getPort());
    Recipe leased =
        Recipe.of("Leased")
            .with(
                "@orders:5432/shop\" username=vault password=...",
                "@%s?sslmode=disable\" username=postgres password=superuser-of-the-test"
                    .formatted(server))
            .with("default_ttl=10m max_ttl=1h", "default_ttl=3s max_ttl=6s")
            .with("GRANT SELECT ON", "GRANT SELECT, INSERT ON")
            .with("orders:5432/shop", server);
    Recipe token =
        Recipe.of("token").with("/run/waybill/token", folder.resolve("token").toString());
    leased.run(vault);
    token.run(vault);
    Map<String, String> settings = new TreeMap<>(leased.settings(""));
    settings.putAll(token.settings(""));
    settings.put("waybill.vault.address", vault.address());
    return settings;
  }

  /** What the trail tells of a kind; each event of it has an id or an accessor, and no secret. */
  private static List<String> noted(RoadHome home, String kind) {
    return home.ledger(reader -> reader.audit(AuditSelection.ALL, 1_000)).stream()
        .filter(row -> row.kind().equals(kind))
        .map(row -> ChainEntry.parse(row.line()).orElseThrow())
        .peek(
            entry ->
                assertThat(entry.text(AuditField.LEASE) + entry.text(AuditField.ACCESSOR))
                    .isNotEmpty()
                    .doesNotContain(vault.rootToken()))
        .map(entry -> entry.text(AuditField.ACTION) + " " + entry.text(AuditField.OUTCOME))
        .distinct()
        .toList();
  }

  @Test
  void usersAreRenewedReplacedAtTheirLongestLifeAndGivenBack() throws Exception {
    RoadHome home = RoadHome.in(folder);
    settings().forEach(home::set);
    home.table("ids", "id Int64")
        .route(
            "ids",
            """
            - route:
                id: ids
                from:
                  uri: timer:orders?period=100
                  steps:
                    - to: sql:INSERT INTO readers VALUES (current_user)?dataSource=#orders
                    - to: sql:SELECT string_agg(CAST(id AS TEXT), chr(10)) FROM orders?dataSource=#orders&outputType=SelectOne
                    - setBody:
                        simple: "id\\n${body}\\n"
                    - to: waybill:%s.ids?format=CSVWithNames
            """
                .formatted(home.database()));
    try (var application = home.start(false)) {
      assertThat(application.problems()).isEmpty();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(
              () -> assertThat(list("SELECT DISTINCT name FROM readers")).hasSizeGreaterThan(2));
      assertThat(application.holds()).isEmpty();
      List<String> used = list("SELECT DISTINCT name FROM readers");
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(leased()).doesNotContain(used.get(0)));
    }
    Awaitility.await().untilAsserted(() -> assertThat(leased()).isEmpty());
    assertThat(noted(home, "login")).contains("vault-token done");
    assertThat(noted(home, "lease")).contains("issued done", "renewed done", "revoked done");
    // the one that the stop came upon waits in the spool
    assertThat(home.runs("ids"))
        .allSatisfy(run -> assertThat(run.reason()).isIn("", "Waybill was stopped"));
    long delivered = home.runs("ids").stream().mapToLong(RunRow::rows).sum();
    assertThat(home.rows("ids", "uniqExact(id), count()")).containsExactly("100\t" + delivered);
  }
}
