package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of a real PostgreSQL that are extracted by key. */
class SqlExtractIT {
  private static final String FLOW = "orders";
  private static final String SQL =
      "sql:SELECT * FROM orders WHERE id > :#CamelWaybillCheckpoint ORDER BY id?dataSource=#shop&outputType=StreamList";
  private static final String JDBC =
      "jdbc:shop?useHeadersAsParameters=true&outputType=StreamList&resetAutoCommit=false";
  @TempDir static Path data;
  private static TestPostgres postgres;
  @TempDir Path folder;
  private RoadHome home;

  @BeforeAll
  static void start() throws IOException {
    postgres = TestPostgres.start(data.resolve("postgres"));
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void tables() {
    postgres.execute("DROP TABLE IF EXISTS orders");
    postgres.execute(
        "CREATE TABLE orders (id bigserial PRIMARY KEY, text text, at timestamptz NOT NULL DEFAULT clock_timestamp())");
    home =
        RoadHome.in(folder)
            .set("waybill.once.idle", "2s") // a timer's thread may be slow to start
            .table(FLOW, "id UInt64, text String, at DateTime64(6, 'UTC')")
            .set("waybill.connections.shop.url", postgres.url())
            .set("waybill.connections.shop.user", "postgres");
  }

  private void flow(String query, String options) {
    flow("timer:once?repeatCount=1&delay=0", query, options);
  }

  private void flow(String from, String query, String options) {
    home.route(
        FLOW,
        """
        - route:
            id: orders
            from:
              uri: "%s"
              steps:
                - setBody: {constant: "SELECT * FROM orders WHERE id > :?CamelWaybillCheckpoint ORDER BY id"}
                - to: '%s'
                - to: %s
        """
            .formatted(from, query, home.target(FLOW, options)));
  }

  private static void insert(int from, int to) {
    postgres.execute(
        "INSERT INTO orders (text) SELECT 'order ' || n FROM generate_series(%d, %d) AS n"
            .formatted(from, to));
  }

  private RoadHome.Ended once() {
    RoadHome.Ended ended = home.once();
    assertThat(ended.problems()).isEmpty();
    return ended;
  }

  private void delivers() {
    assertThat(once().holds()).isEmpty();
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
  @ValueSource(strings = {SQL, JDBC})
  void eachExtractBeginsBehindTheLastOne(String query) {
    flow(query, "key=id&keyStart=0&batchRows=700");
    delivers();
    assertThat(home.runs(FLOW)).as("an empty extract is no run").isEmpty();
    insert(1, 2000);
    delivers();
    assertRows(2000);
    delivers();
    assertRows(2000);
    insert(2001, 2500);
    delivers();
    assertRows(2500);
    assertThat(home.runs(FLOW))
        .extracting(run -> run.source())
        .containsExactly("keys/id/number:0/number:2000", "keys/id/number:2000/number:2500");
  }

  @Test
  void aRowWithoutOrderDeliversNothing() {
    insert(1, 100);
    flow(SQL.replace("ORDER BY id", "ORDER BY id DESC"), "key=id&keyStart=0");
    assertThat(once().holds())
        .singleElement()
        .asString()
        .contains("KEY_ORDER", "row 2", "ORDER BY id");
    assertThat(home.rows(FLOW, "count()")).containsExactly("0");
    flow(SQL, "key=id&keyStart=0");
    delivers();
    assertRows(100);
  }

  @Test
  void aQueryThatForgetsTheCheckpointDoublesNothing() {
    insert(1, 100);
    flow(SQL.replace("WHERE id > :#CamelWaybillCheckpoint", ""), "key=id&keyStart=0");
    delivers();
    assertThat(once().holds()).singleElement().asString().contains("KEY_RANGE");
    assertRows(100);
  }

  @Test
  void poisonRowsAreDeadLettersAndTheCheckpointMoves() {
    insert(1, 1000);
    postgres.execute("ALTER TABLE orders ADD COLUMN price text");
    postgres.execute("UPDATE orders SET price = CASE WHEN id % 250 = 0 THEN 'dear' ELSE '1' END");
    home.query("ALTER TABLE %s.orders ADD COLUMN price UInt32".formatted(home.database()));
    flow(SQL, "key=id&keyStart=0");
    delivers();
    assertThat(home.letters()).hasSize(4);
    assertThat(home.states(FLOW)).containsExactly("completed_with_dead_letters");
    postgres.execute("INSERT INTO orders (text, price) VALUES ('order 1001', '7')");
    delivers();
    assertThat(home.rows(FLOW, "count(), uniqExact(id), max(id)"))
        .containsExactly("997\t997\t1001");
  }

  @Test
  void anExtractThatFailedKeepsTheNextOneBackUntilItIsRerun() {
    insert(1, 1000);
    postgres.execute("ALTER TABLE orders ADD COLUMN price text NOT NULL DEFAULT 'dear'");
    home.query("ALTER TABLE %s.orders ADD COLUMN price UInt32".formatted(home.database()));
    flow(SQL, "key=id&keyStart=0&maxBadRows=10&batchRows=500");
    once();
    assertThat(home.states(FLOW)).containsExactly("failed");
    insert(1001, 1100);
    assertThat(once().holds()).singleElement().asString().contains("EXTRACT_FAILED", "rerun");
    assertThat(home.rows(FLOW, "count()")).containsExactly("0");
    String run = home.runs(FLOW).get(0).id();
    home.query("ALTER TABLE %s.orders MODIFY COLUMN price String".formatted(home.database()));
    Answer answer = home.order(new Order.Rerun(run, false, false));
    assertThat(answer.lines())
        .as(answer.lines().toString())
        .anyMatch(line -> line.contains("completed"));
    delivers();
    assertRows(1100);
    assertThat(home.order(new Order.Rerun(run, true, false)).lines())
        .anyMatch(line -> line.contains("keyStart=0"));
  }

  @Test
  void aTimeWithALagIsAKeyToo() {
    insert(1, 500);
    postgres.execute("UPDATE orders SET at = now() - interval '1 hour' + id * interval '1 second'");
    insert(501, 600);
    flow(
        "sql:SELECT * FROM orders WHERE at > :#CamelWaybillCheckpoint AND at <= :#${variable.CamelWaybillUntil} ORDER BY at?dataSource=#shop",
        "key=at&keyStart=1970-01-01T00:00:00Z&keyLag=10m&dataSource=#shop");
    delivers();
    assertRows(500);
    postgres.execute("UPDATE orders SET at = now() - interval '20 minutes' WHERE id > 500");
    delivers();
    assertRows(600);
    delivers();
    assertRows(600);
  }

  @Test
  void theHistoryOfAFlowGoesWithItsName() {
    insert(1, 100);
    flow(SQL, "key=id&keyStart=0");
    delivers();
    home.route(
        FLOW,
        """
        - route:
            id: purchases
            from:
              uri: timer:once?repeatCount=1&delay=0
              steps:
                - to: '%s'
                - to: %s
        """
            .formatted(SQL, home.target(FLOW, "key=id&keyStart=0&formerly=orders")));
    insert(101, 150);
    delivers();
    assertRows(150);
  }
}
