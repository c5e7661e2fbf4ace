import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.postgresql.PGConnection;

/**
 * How fast a PostgreSQL table of ten columns comes into ClickHouse: by COPY piped into curl, by a
 * flow that extracts it by key, and by camel-sql in JDBC batches of 10,000. Every round loads by
 * each and checks the content. Arguments: rows, rounds. See bench/extract.
 */
public final class Extract {
  private static final String COLUMNS =
      "id UInt64, customer UInt32, ordered_at DateTime64(3, 'UTC'), day Date, amount Decimal(12, 2),"
          + " weight Float64, state LowCardinality(String), city String, comment String, paid Bool";
  private static final String NAMES =
      "id, customer, ordered_at, day, amount, weight, state, city, comment, paid";
  private static final String MAKE =
      """
      INSERT INTO orders SELECT n, n % 100000, timestamptz '2024-01-01Z' + n * interval '1 second',
        date '2024-01-01' + (n % 365)::int, (n % 1000000) / 100.0, n / 8.0,
        (ARRAY['new', 'paid', 'sent'])[1 + n % 3], 'city ' || n % 5000, md5(n::text), n % 2 = 0
      FROM generate_series(1, ROWS) AS n""";
  private static final int BATCH = 10_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private final int rows;
  private final EmbeddedPostgres postgres;
  private final Path work;

  private Extract(int rows, EmbeddedPostgres postgres, Path work) {
    this.rows = rows;
    this.postgres = postgres;
    this.work = work;
  }

  private interface Load {
    double seconds() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Path work = Files.createTempDirectory("extract");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      new Extract(rows, postgres, work).run(rounds);
    }
    System.exit(0);
  }

  private void run(int rounds) throws Exception {
    source("CREATE TABLE orders (id bigint PRIMARY KEY, customer int, ordered_at timestamptz, day date,"
        + " amount numeric(12, 2), weight float8, state text, city text, comment text, paid boolean)");
    ask("CREATE DATABASE IF NOT EXISTS bench");
    Map<String, List<Double>> all = new HashMap<>();
    for (int round = 0; round < rounds; round++) {
      time(all, "COPY | curl", this::copy);
      time(all, "waybill", this::waybill);
      time(all, "camel-sql", this::camelSql);
    }
    double copy = median(all.get("COPY | curl"));
    for (String name : List.of("COPY | curl", "waybill", "camel-sql")) {
      double seconds = median(all.get(name));
      System.out.printf(
          "| %s | %.2f s | %,.0f rows/s | %.2f of COPY%n", name, seconds, rows / seconds, copy / seconds);
    }
    System.out.printf(
        "waybill is %.1f times camel-sql%n",
        median(all.get("camel-sql")) / median(all.get("waybill")));
  }

  private void time(Map<String, List<Double>> all, String name, Load load) throws Exception {
    source("TRUNCATE orders");
    ask("DROP TABLE IF EXISTS bench.orders SYNC");
    ask(
        "CREATE TABLE bench.orders (%s, _waybill_batch LowCardinality(String) DEFAULT getSetting('insert_deduplication_token'))"
                .formatted(COLUMNS)
            + " ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 10000");
    double seconds = load.seconds();
    String found = ask("SELECT count(), sum(id), uniqExact(comment) FROM bench.orders").strip();
    String expected = "%1$d\t%2$d\t%1$d".formatted(rows, (long) rows * (rows + 1) / 2);
    if (!found.equals(expected)) {
      throw new IllegalStateException(name + " brought " + found + ", expected " + expected);
    }
    all.computeIfAbsent(name, each -> new ArrayList<>()).add(seconds);
  }

  private double copy() throws Exception {
    source(MAKE.replace("ROWS", Integer.toString(rows)));
    long began = System.nanoTime();
    Process curl =
        new ProcessBuilder(
                "curl", "-sS", "--fail-with-body", "-X", "POST", "-T", "-", "-H", "X-ClickHouse-User: " + env("USER"), "-H",
                "X-ClickHouse-Key: " + env("PASSWORD"),
                env("URL") + "/?date_time_input_format=best_effort&query=INSERT%20INTO%20bench.orders%20("
                    + NAMES.replace(" ", "") + ")%20FORMAT%20CSV")
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        OutputStream out = curl.getOutputStream()) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut("COPY (SELECT id, customer, ordered_at, day, amount, weight, state, city, comment, paid FROM orders ORDER BY id) TO STDOUT WITH CSV", out);
    }
    if (curl.waitFor() != 0) {
      throw new IllegalStateException("curl failed");
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /** From the commit of the rows to the last one in ClickHouse; the flow looks every 50 ms. */
  private double waybill() throws Exception {
    Path home = Files.createTempDirectory(work, "home");
    Files.createDirectories(home.resolve("routes"));
    Files.writeString(
        home.resolve("application.properties"),
        "waybill.connections.shop.url=jdbc:postgresql://127.0.0.1:%d/postgres\nwaybill.connections.shop.user=postgres\n"
            .formatted(postgres.getPort()));
    Files.writeString(
        home.resolve("routes/orders.camel.yaml"),
        """
        - route:
            id: orders
            from:
              uri: "timer:orders?period=50&delay=0"
              steps:
                - to: "sql:SELECT * FROM orders WHERE id > :#CamelWaybillCheckpoint ORDER BY id?dataSource=#shop&outputType=StreamList"
                - to: "waybill:bench.orders?key=id&keyStart=0"
        """);
    Process waybill =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-Xms128m", "-Xmx384m", "-cp", System.getProperty("java.class.path"), "io.waybill.cli.Main",
                "run", "--home", home.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("out").toFile())
            .start();
    try {
      while (!Files.exists(home.resolve("data/spool/orders"))) {
        LockSupport.parkNanos(10_000_000);
      }
      source(MAKE.replace("ROWS", Integer.toString(rows)));
      long began = System.nanoTime();
      while (!ask("SELECT count() FROM bench.orders").strip().equals(Integer.toString(rows))) {
        if (!waybill.isAlive()) {
          throw new IllegalStateException(Files.readString(home.resolve("out")));
        }
        LockSupport.parkNanos(10_000_000);
      }
      return (System.nanoTime() - began) / 1e9;
    } finally {
      waybill.destroy();
      waybill.waitFor();
    }
  }

  private double camelSql() throws Exception {
    source(MAKE.replace("ROWS", Integer.toString(rows)));
    try (HikariDataSource clickHouse = clickHouse();
        DefaultCamelContext camel = new DefaultCamelContext()) {
      camel.getRegistry().bind("shop", postgres.getPostgresDatabase());
      camel.getRegistry().bind("clickhouse", clickHouse);
      String marks = String.join(", ", Collections.nCopies(NAMES.split(",").length, "#"));
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("direct:go")
                  .to("sql:SELECT %s FROM orders ORDER BY id?dataSource=#shop&outputType=StreamList".formatted(NAMES))
                  .process(it -> it.getMessage().setBody(batches((Iterator<?>) it.getMessage().getBody())))
                  .split(body())
                  .streaming()
                  .stopOnException()
                  .to(
                      "sql:INSERT INTO bench.orders (%s) VALUES (%s)?dataSource=#clickhouse&batch=true"
                          .formatted(NAMES, marks))
                  .end();
            }
          });
      camel.start();
      long began = System.nanoTime();
      camel.createProducerTemplate().sendBody("direct:go", "");
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private static Iterator<List<Object>> batches(Iterator<?> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public List<Object> next() {
        List<Object> batch = new ArrayList<>();
        while (batch.size() < BATCH && rows.hasNext()) {
          batch.add(new ArrayList<>(((Map<?, ?>) rows.next()).values()));
        }
        return batch;
      }
    };
  }

  private static HikariDataSource clickHouse() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:clickhouse:" + env("URL"));
    config.setUsername(env("USER"));
    config.setPassword(env("PASSWORD"));
    config.addDataSourceProperty("jdbc_ignore_unsupported_values", "true");
    return new HikariDataSource(config);
  }

  private void source(String sql) throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(String sql) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(env("URL")))
                .header("X-ClickHouse-User", env("USER"))
                .header("X-ClickHouse-Key", env("PASSWORD"))
                .POST(HttpRequest.BodyPublishers.ofString(sql))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
    return answer.body();
  }

  private static double median(List<Double> seconds) {
    return seconds.stream().sorted().toList().get(seconds.size() / 2);
  }

  private static String env(String name) {
    return System.getenv("WAYBILL_CLICKHOUSE_" + name);
  }
}
