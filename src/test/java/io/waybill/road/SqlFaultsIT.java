package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.delivery.Step;
import io.waybill.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Extracts by key while Waybill, PostgreSQL or the order of commits gives way. */
class SqlFaultsIT {
  private static final String FLOW = "orders";
  private static final int KILLED = 137;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MANY = 300_000;
  private static final int WRITERS = 8;
  private static final int TRANSACTIONS = 60;
  @TempDir Path data;
  @TempDir Path folder;
  private TestPostgres postgres;
  private RoadHome home;

  @BeforeEach
  void start() throws IOException {
    postgres = TestPostgres.start(data.resolve("postgres"));
    postgres.execute("CREATE TABLE orders (id bigserial PRIMARY KEY, text text)");
    home =
        RoadHome.in(folder)
            .set("waybill.once.idle", "2s") // a timer's thread may be slow to start
            .table(FLOW, "id UInt64, text String")
            .set("waybill.connections.shop.url", postgres.url())
            .set("waybill.connections.shop.user", "postgres");
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  private void flow(String timer, String bound, String options) {
    home.route(
        FLOW,
        """
        - route:
            id: orders
            from:
              uri: "timer:extract?%s"
              steps:
                - to: "sql:SELECT * FROM orders WHERE id > :#CamelWaybillCheckpoint %s ORDER BY id?dataSource=#shop&outputType=StreamList"
                - to: %s
        """
            .formatted(
                timer, bound, home.target(FLOW, "key=id&keyStart=0&batchRows=20000" + options)));
  }

  private void insert(int from, int to) {
    postgres.execute(
        "INSERT INTO orders (text) SELECT 'order ' || n FROM generate_series(%d, %d) AS n"
            .formatted(from, to));
  }

  private void delivers() {
    RoadHome.Ended ended = home.once();
    assertThat(ended.problems()).isEmpty();
    assertThat(ended.holds()).isEmpty();
  }

  private void assertRows(int count) {
    assertThat(
            home.rows(
                FLOW,
                "count(), uniqExact(id), max(id), countIf(text = concat('order ', toString(id)))"))
        .containsExactly("%1$d\t%1$d\t%1$d\t%1$d".formatted(count));
    Carried.assertPapers(home);
    assertThat(home.files("data/spool/" + FLOW)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"EXTRACT_SPOOLED", "PLANNED", "SENT", "COMMITTED", "RUN_ENDED", "ACKNOWLEDGE"})
  void aKillAtAStepLosesAndDoublesNothing(Step step) {
    insert(1, 50_000);
    flow("repeatCount=1&delay=0", "", "");
    try (Child child =
        Child.command(
            folder,
            List.of(),
            List.of("-Dwaybill.test.kill=" + step + ":1"),
            List.of("run", "--once"))) {
      assertThat(child.awaitEnd(PATIENCE)).as(child.output()).isEqualTo(KILLED);
    }
    insert(50_001, 60_000);
    delivers();
    delivers();
    assertRows(60_000);
    assertThat(home.runs(FLOW))
        .extracting(run -> run.source())
        .doesNotHaveDuplicates()
        .last()
        .asString()
        .endsWith("number:60000");
  }

  @Test
  void killsAtRandomLoseAndDoubleNothing() {
    insert(1, MANY);
    flow("period=100&delay=0", "", "");
    Random random = new Random();
    for (int kill = 0; kill < 3; kill++) {
      int batches = home.files("data").contains("ledger.db") ? home.batches().size() : 0;
      int until = batches + 1 + random.nextInt(4);
      try (Child child = home.child()) {
        Awaitility.await().atMost(PATIENCE).until(() -> !child.isAlive() || reached(until));
        assertThat(child.isAlive()).as(child.output()).isTrue();
        child.kill9();
      }
    }
    insert(MANY + 1, MANY + 1000);
    flow("repeatCount=1&delay=0", "", "");
    delivers();
    delivers();
    assertRows(MANY + 1000);
  }

  private boolean reached(int batches) {
    return home.files("data").contains("ledger.db")
        && (home.batches().size() >= batches || home.states(FLOW).contains("completed"));
  }

  @Test
  void aDatabaseThatDiesInMidExtractDeliversNothingOfIt() throws IOException {
    flow("period=100&delay=0", "", "");
    try (Application application = home.start(false)) {
      insert(1, MANY);
      Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(this::spooling);
      postgres.kill();
      Awaitility.await().atMost(PATIENCE).until(() -> !spooling());
      assertThat(home.runs(FLOW)).isEmpty();
      assertThat(home.rows(FLOW, "count()")).containsExactly("0");
      postgres.restart();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> home.rows(FLOW, "max(id)").contains(Integer.toString(MANY)));
      assertThat(application.holds()).isEmpty();
    }
    flow("repeatCount=1&delay=0", "", "");
    delivers();
    assertRows(MANY);
  }

  private boolean spooling() {
    return home.files("data/spool/" + FLOW).stream().anyMatch(name -> name.startsWith("part-"));
  }

  @Test
  void rowsThatCommitOutOfOrderAllArriveBelowTheBound() throws Exception {
    flow(
        "period=100&delay=0",
        "AND id <= :#CamelWaybillUntil",
        "&keyBound=snapshot&keyTable=orders&dataSource=#shop&keyWait=1s");
    int written = race();
    assertThat(home.rows(FLOW, "count(), uniqExact(id), countIf(text != 'order')"))
        .containsExactly("%1$d\t%1$d\t0".formatted(written));
    assertThat(home.rows(FLOW, "id")).hasSize(written).isEqualTo(ids());
    assertThat(home.runs(FLOW)).hasSizeGreaterThan(3);
  }

  /** So that the test above can fail. */
  @Test
  void withoutABoundRowsAreLost() throws Exception {
    flow("period=100&delay=0", "", "");
    int written = race();
    assertThat(home.rows(FLOW, "count()")).isNotEqualTo(List.of(Integer.toString(written)));
  }

  private List<String> ids() throws SQLException {
    List<String> ids = new ArrayList<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT id FROM orders ORDER BY id")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }

  /** Many writers that keep their transactions open for a while, and Waybill beside them. */
  private int race() throws Exception {
    AtomicInteger written = new AtomicInteger();
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try (Application application = home.start(false)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        all.add(
            writers.submit(
                () -> {
                  write(written);
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      String greatest = ids().get(ids().size() - 1);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> home.rows(FLOW, "max(id)").contains(greatest));
      assertThat(application.holds()).isEmpty();
    } finally {
      writers.shutdownNow();
    }
    return written.get();
  }

  private void write(AtomicInteger written) throws SQLException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; i < TRANSACTIONS; i++) {
        int rows = 1 + random.nextInt(5);
        statement.execute(
            "INSERT INTO orders (text) SELECT 'order' FROM generate_series(1, %d)".formatted(rows));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(200)));
        if (random.nextInt(10) == 0) {
          connection.rollback();
        } else {
          connection.commit();
          written.addAndGet(rows);
        }
      }
    }
  }
}
