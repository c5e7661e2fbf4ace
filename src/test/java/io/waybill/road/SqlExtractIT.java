package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
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
}
