package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of a real PostgreSQL, as sql: and jdbc: hand them over. */
class SqlRowsIT {
  private static final String FLOW = "orders";
  private static final int ROWS = 20_000;
  private static EmbeddedPostgres postgres;
  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException, SQLException {
    postgres = EmbeddedPostgres.start();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE orders AS SELECT id, id::bigint * 1000000007 AS big, (id * 1.01)::numeric(12, 2) AS amount,
            id / 8.0::float8 AS weight, 'order "' || id || E'"\\n' AS text, id %% 2 = 0 AS paid,
            timestamptz '2024-03-31 00:30:00.123456Z' + id * interval '1 minute' AS at, date '2024-02-29' + id %% 100 AS day,
            ('00000000-0000-0000-0000-' || lpad(id::text, 12, '0'))::uuid AS ident, decode(lpad(to_hex(id), 8, '0'), 'hex') AS raw,
            ARRAY['a', 'b' || id] AS tags, jsonb_build_object('n', id) AS document,
            CASE WHEN id %% 3 > 0 THEN id END AS maybe
          FROM generate_series(1, %d) AS id"""
              .formatted(ROWS));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    if (postgres != null) {
      postgres.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sql:SELECT * FROM orders?dataSource=#shop",
        "sql:SELECT * FROM orders?dataSource=#shop&outputType=StreamList",
        "jdbc:shop?outputType=StreamList"
      })
  void arriveOnceWithTheirValues(String query) {
    RoadHome home =
        RoadHome.in(folder)
            .table(
                FLOW,
                "id UInt32, big Int64, amount Decimal(12, 2), weight Float64, text String, paid Bool, at DateTime64(6, 'Europe/Berlin'),"
                    + " day Date, ident UUID, raw FixedString(4), tags Array(LowCardinality(String)), document JSON, maybe Nullable(UInt32)");
    home.set("waybill.once.idle", "2s")
        .set(
            "waybill.connections.shop.url",
            "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(postgres.getPort()))
        .set("waybill.connections.shop.user", "postgres")
        .route(
            FLOW,
            """
            - route:
                id: orders
                from:
                  uri: timer:once?repeatCount=1&delay=0
                  steps:
                    - setBody: {constant: SELECT * FROM orders}
                    - to: "%s"
                    - to: %s
            """
                .formatted(query, home.target(FLOW, "batchRows=6000")));
    RoadHome.Ended ended = home.once();
    assertThat(ended.problems()).isEmpty();
    assertThat(ended.holds()).isEmpty();
    assertThat(home.letters()).isEmpty();
    assertThat(home.rows(FLOW, "count(), uniqExact(id), sum(id)"))
        .containsExactly("%1$d\t%1$d\t%2$d".formatted(ROWS, (long) ROWS * (ROWS + 1) / 2));
    assertThat(
            home.rows(
                FLOW,
                """
                countIf(big != id * 1000000007 OR amount != toDecimal64(id, 2) * toDecimal64('1.01', 2)
                  OR weight != id / 8 OR text != concat('order "', toString(id), '"\\n') OR paid != (id %% 2 = 0)
                  OR at != toDateTime64('2024-03-31 00:30:00.123456', 6, 'UTC') + toIntervalMinute(id)
                  OR day != toDate('2024-02-29') + id %% 100
                  OR toString(ident) != concat('00000000-0000-0000-0000-', leftPad(toString(id), 12, '0'))
                  OR hex(raw) != leftPad(upper(hex(id)), 8, '0') OR tags != ['a', concat('b', toString(id))]
                  OR document.n::Int64 != id OR ifNull(maybe, 0) != if(id %% 3 > 0, id, 0))"""
                    .replace("%%", "%")))
        .containsExactly("0");
    assertThat(home.states(FLOW)).containsExactly("completed");
  }
}
