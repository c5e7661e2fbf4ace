package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples for databases, as they are shipped. */
class SqlExamplesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  @TempDir Path data;
  @TempDir Path folder;

  @Test
  void deliverNewRowsAndWholeTables() throws IOException {
    try (TestPostgres postgres = TestPostgres.start(data.resolve("postgres"))) {
      postgres.execute("CREATE TABLE orders (id bigserial PRIMARY KEY, text text)");
      postgres.execute("CREATE TABLE prices (id int PRIMARY KEY, price int)");
      postgres.execute("INSERT INTO orders (text) SELECT 'o' FROM generate_series(1, 100)");
      postgres.execute("INSERT INTO prices SELECT n, 1 FROM generate_series(1, 50) AS n");
      RoadHome home = RoadHome.in(folder);
      home.set("waybill.connections.shop.url", postgres.url())
          .set("waybill.connections.shop.user", "postgres")
          .set("orders.database", "shop")
          .set("prices.database", "shop")
          .set("orders.period", "200")
          .set("prices.period", "200")
          .set("orders.target", home.database() + ".orders")
          .set("prices.target", home.database() + ".prices");
      for (String name : new String[] {"sql", "sql-reload"}) {
        home.route(name, Files.readString(Path.of("routes/examples", name + ".camel.yaml")));
      }
      try (var application = home.start(false)) {
        assertThat(application.problems()).isEmpty();
        Awaitility.await()
            .atMost(PATIENCE)
            .until(() -> home.hasTable("orders") && home.hasTable("prices"));
        postgres.execute("INSERT INTO orders (text) SELECT 'o' FROM generate_series(1, 20)");
        postgres.execute("UPDATE prices SET price = 2");
        Awaitility.await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(home.rows("orders", "count(), uniqExact(id)"))
                      .containsExactly("120\t120");
                  assertThat(home.rows("prices", "count(), min(price)")).containsExactly("50\t2");
                });
        assertThat(application.holds()).isEmpty();
      }
    }
  }
}
