package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.camel.FlowHold;
import io.waybill.clickhouse.TableDdl;
import io.waybill.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of a real PostgreSQL, as Debezium hands them out. */
final class ChangesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String STATE = "state";
  private static final String LOG = "log";
  private static final String COLUMNS = "id Int64, text String, amount Decimal(18, 4)";
  private static final String PAPERS = ", _version UInt64, _deleted UInt8";
  @TempDir Path folder;
  @TempDir Path data;
  private TestPostgres postgres;
  private RoadHome home;

  @BeforeEach
  void start() {
    postgres = TestPostgres.start(data);
    postgres.execute(
        "CREATE TABLE items (id bigint PRIMARY KEY, text text, amount numeric(18, 4))",
        "CREATE TABLE tally (changes bigint)",
        "INSERT INTO tally VALUES (0)");
    home = RoadHome.in(folder).set("waybill.once.idle", "8s");
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  private void state() {
    replacing(STATE, COLUMNS);
    flow(STATE, "items", "");
  }

  private void replacing(String table, String columns) {
    home.query(
        """
        CREATE TABLE %s.%s (%s%s, %s)
        ENGINE = ReplacingMergeTree(_version, _deleted) ORDER BY id
        SETTINGS non_replicated_deduplication_window = 10000"""
            .formatted(home.database(), table, columns, PAPERS, TableDdl.provenanceColumn()));
  }

  private void log() {
    home.table(LOG, COLUMNS + PAPERS);
    flow(LOG, "items", "");
  }

  private void flow(String flow, String table, String options) {
    home.route(
        flow,
        """
        - route:
            id: %1$s
            from:
              uri: debezium-postgres:%1$s
              parameters:
                databaseHostname: 127.0.0.1
                databasePort: %2$d
                databaseUser: postgres
                databasePassword: none
                databaseDbname: postgres
                topicPrefix: %1$s
                slotName: %1$s
                publicationName: %1$s
                publicationAutocreateMode: filtered
                tableIncludeList: public.%3$s
                pollIntervalMs: 50
                %4$s
              steps:
                - to: %5$s
        """
            .formatted(
                flow, postgres.port(), table, options, home.target(flow, "batchInterval=200ms")));
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(condition);
  }

  private String one(String table, String columns) {
    return home.rows(table, columns).get(0);
  }

  /** What the state is, by content. */
  private boolean isSame() {
    String here =
        home.query(
            "SELECT count(), sum(id), sum(cityHash64(0)), groupBitXor(sipHash64(concat(toString(id), '/', text, '/', toString(amount)))) FROM %s.state FINAL"
                .formatted(home.database()));
    return !here.isEmpty() && stateRows().equals(sourceRows());
  }

  private String stateRows() {
    return home.query(
        "SELECT id, text, amount FROM %s.state FINAL ORDER BY id".formatted(home.database()));
  }

  private String sourceRows() {
    return String.join(
        "\n", postgres.rows("SELECT id, text, trim_scale(amount) FROM items ORDER BY id"));
  }

  @Test
  void aSnapshotAndWhatFollowsBecomeTheStateOfTheTable() {
    state();
    log();
    postgres.execute(
        "INSERT INTO items SELECT g, 'text ' || g, g / 4.0 FROM generate_series(1, 100) AS g");
    try (Application application = home.start(false)) {
      await("the snapshot", () -> one(LOG, "count()").equals("100"));
      postgres.execute(
          "INSERT INTO items VALUES (101, 'new', 1.5)",
          "UPDATE items SET text = 'changed' WHERE id <= 10",
          "DELETE FROM items WHERE id BETWEEN 11 AND 20",
          "UPDATE items SET id = 1000 WHERE id = 30");
      await("the changes", () -> one(LOG, "count()").equals("123"));
      await("the state", this::isSame);
      assertThat(application.holds()).extracting(FlowHold::reason).isEmpty();
    }
    assertThat(home.rows(LOG, "countIf(_deleted = 1), uniqExact(id, _version, _deleted)"))
        .containsExactly("11\t123");
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }
}
