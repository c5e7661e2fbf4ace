import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.TestKafka;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * How fast JSON records of about 1 kB come from a topic into ClickHouse: the same records from a
 * file by curl, by a flow, and by camel-kafka's batching consumer with camel-sql in JDBC batches.
 * Every round loads by each and checks the content. Arguments: records, rounds, partitions, which
 * (of "curl waybill camel"). See bench/kafka.
 */
public final class Kafka {
  private static final String COLUMNS =
      "id UInt64, customer UInt32, ordered_at DateTime64(3, 'UTC'), state LowCardinality(String),"
          + " city String, amount Decimal(12, 2), weight Float64, paid Bool, comment String, text String";
  private static final int TEXT = 760;
  private static final int CAMEL_BATCH = 10_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private final int records;
  private final TestKafka kafka;
  private final Path work;
  private int round;

  private Kafka(int records, TestKafka kafka, Path work) {
    this.records = records;
    this.kafka = kafka;
    this.work = work;
  }

  private interface Load {
    /** Seconds, and CPU seconds of the loading process (0 where they are not told). */
    double[] run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    int records = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    int partitions = Integer.parseInt(args[2]);
    Path work = Files.createTempDirectory(Path.of(System.getenv("BENCH_WORK")), "kafka");
    try (TestKafka kafka = TestKafka.start(Files.createDirectories(work.resolve("broker")))) {
      new Kafka(records, kafka, work).measure(rounds, partitions, List.of(args[3].split(" ")));
    }
    System.exit(0);
  }

  private void measure(int rounds, int partitions, List<String> which) throws Exception {
    Path file = work.resolve("orders.ndjson");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int id = 0; id < records; id++) {
        out.write(record(id));
        out.write('\n');
      }
    }
    kafka.topic("orders", partitions, Map.of());
    try (Stream<String> lines = Files.lines(file)) {
      kafka.send("orders", lines);
    }
    System.err.printf("%,d records, %,d bytes%n", records, Files.size(file));
    ask("CREATE DATABASE IF NOT EXISTS bench");
    Map<String, Load> loads = new LinkedHashMap<>();
    loads.put("curl", () -> curl(file));
    loads.put("waybill", this::waybill);
    loads.put("camel", this::camel);
    Map<String, List<double[]>> took = new LinkedHashMap<>();
    for (round = 0; round < rounds; round++) {
      for (String name : which) {
        took.computeIfAbsent(name, each -> new ArrayList<>()).add(load(loads.get(name)));
      }
    }
    double curl = median(took.get("curl"), 0);
    took.forEach(
        (name, seconds) -> {
          double cpu = median(seconds, 1);
          System.out.printf(
              "| %s | %.2f s | %,.0f rows/s | %.2f of curl | %s |%n",
              name,
              median(seconds, 0),
              records / median(seconds, 0),
              curl / median(seconds, 0),
              cpu == 0 ? "" : "%,.0f rows/s/core".formatted(records / cpu));
        });
  }

  private static String record(int id) {
    Random random = new Random(id);
    StringBuilder text = new StringBuilder(TEXT);
    while (text.length() < TEXT) {
      text.append(Integer.toString(random.nextInt(1_000_000), 36)).append(' ');
    }
    return ("{\"id\":%d,\"customer\":%d,\"ordered_at\":\"2026-01-01 00:00:%02d.%03d\",\"state\":\"%s\","
            + "\"city\":\"city %d\",\"amount\":%d.%02d,\"weight\":%d.5,\"paid\":%b,\"comment\":\"order %d\",\"text\":\"%s\"}")
        .formatted(
            id, id % 100_000, id % 60, id % 1000, List.of("new", "paid", "sent").get(id % 3), id % 5000,
            id % 10_000, id % 100, id % 90, id % 2 == 0, id, text.toString().strip());
  }

  private double[] load(Load load) throws Exception {
    ask("DROP TABLE IF EXISTS bench.records SYNC");
    ask(
        "CREATE TABLE bench.records (%s, _waybill_batch LowCardinality(String) DEFAULT getSetting('insert_deduplication_token'))"
                .formatted(COLUMNS)
            + " ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 10000,"
            + " fsync_after_insert = 1, fsync_part_directory = 1");
    double[] took = load.run();
    String found = ask("SELECT count(), sum(id), uniqExact(text) FROM bench.records").strip();
    String expected = "%1$d\t%2$d\t%1$d".formatted(records, (long) records * (records - 1) / 2);
    if (!found.equals(expected)) {
      throw new IllegalStateException("found " + found + ", expected " + expected);
    }
    return took;
  }

  private double[] curl(Path file) throws Exception {
    long began = System.nanoTime();
    Process curl =
        new ProcessBuilder(
                "curl", "-sS", "--fail-with-body", "-X", "POST", "-H", "Expect:", "-T", "-", "-H",
                "X-ClickHouse-User: " + env("USER"), "-H", "X-ClickHouse-Key: " + env("PASSWORD"),
                env("URL") + "/?query=INSERT%20INTO%20bench.records%20FORMAT%20JSONEachRow")
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(file.toFile())
            .start();
    if (curl.waitFor() != 0) {
      throw new IllegalStateException("curl failed");
    }
    return new double[] {(System.nanoTime() - began) / 1e9, 0};
  }

  /** From the first batch planned to the last row; a process of its own, with a group of its own. */
  private double[] waybill() throws Exception {
    Path home = Files.createTempDirectory(work, "home");
    Files.createDirectories(home.resolve("routes"));
    Files.writeString(home.resolve("application.properties"), "");
    Files.writeString(
        home.resolve("routes/orders.camel.yaml"),
        """
        - route:
            id: orders
            from:
              uri: "kafka:orders?brokers=%s&groupId=w%d&batching=true&autoOffsetReset=earliest&maxPollRecords=10000%s"
              steps:
                - to: "waybill:bench.records"
        """
            .formatted(kafka.brokers(), round, options()));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-Xms128m", "-Xmx384m", "-Xmn64m", "-Xss512k"));
    Stream.of(System.getenv().getOrDefault("WAYBILL_JAVA_OPTIONS", "").split(" "))
        .filter(option -> !option.isEmpty())
        .forEach(command::add);
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), "io.waybill.cli.Main", "run", "--home",
            home.toString()));
    Process waybill =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("out").toFile())
            .start();
    try {
      long planned = await(waybill, home, "SELECT (SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO %bench%records%')"
                  + " + (SELECT count() FROM bench.records)");
      await(waybill, home, "SELECT count() >= %d FROM bench.records".formatted(records));
      double cpu = waybill.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
      return new double[] {(System.nanoTime() - planned) / 1e9, cpu};
    } finally {
      waybill.destroy();
      waybill.waitFor();
    }
  }

  private static String options() {
    String more = System.getenv().getOrDefault("KAFKA_OPTIONS", "");
    return more.isEmpty() ? "" : "&" + more;
  }

  private static long await(Process waybill, Path home, String condition) throws Exception {
    while (ask(condition).strip().equals("0")) {
      if (!waybill.isAlive()) {
        throw new IllegalStateException(Files.readString(home.resolve("out")));
      }
      LockSupport.parkNanos(10_000_000);
    }
    return System.nanoTime();
  }

  /** In this process; its CPU time is that of the threads, so that nothing else may run in it. */
  private double[] camel() throws Exception {
    ProcessHandle self = ProcessHandle.current();
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (HikariDataSource clickHouse = clickHouse();
        DefaultCamelContext camel = new DefaultCamelContext()) {
      camel.getRegistry().bind("clickhouse", clickHouse);
      ObjectMapper json = new ObjectMapper();
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              onException(Exception.class)
                  .process(each -> failure.set(each.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));
              from("kafka:orders?brokers=%s&groupId=c%d&autoOffsetReset=earliest&batching=true&maxPollRecords=%d"
                      .formatted(kafka.brokers(), round, CAMEL_BATCH))
                  .process(
                      exchange -> {
                        List<Map<?, ?>> rows = new ArrayList<>();
                        for (Object each : exchange.getMessage().getBody(List.class)) {
                          String text = ((Exchange) each).getMessage().getBody(String.class);
                          rows.add(json.readValue(text, Map.class));
                        }
                        exchange.getMessage().setBody(rows);
                      })
                  .to(
                      "sql:INSERT INTO bench.records (id, customer, ordered_at, state, city, amount, weight, paid, comment, text)"
                          + " VALUES (:#id, :#customer, :#ordered_at, :#state, :#city, :#amount, :#weight, :#paid, :#comment, :#text)"
                          + "?dataSource=#clickhouse&batch=true");
            }
          });
      double before = self.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
      camel.start();
      long began = System.nanoTime();
      while (!ask("SELECT count() >= %d FROM bench.records".formatted(records)).strip().equals("1")) {
        if (failure.get() != null) {
          throw failure.get();
        }
        LockSupport.parkNanos(10_000_000);
      }
      double cpu = self.info().totalCpuDuration().orElseThrow().toNanos() / 1e9 - before;
      return new double[] {(System.nanoTime() - began) / 1e9, cpu};
    }
  }

  private static HikariDataSource clickHouse() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:clickhouse:" + env("URL"));
    config.setUsername(env("USER"));
    config.setPassword(env("PASSWORD"));
    config.addDataSourceProperty("jdbc_ignore_unsupported_values", "true");
    return new HikariDataSource(config);
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

  private static double median(List<double[]> took, int of) {
    return took.stream().mapToDouble(each -> each[of]).sorted().toArray()[took.size() / 2];
  }

  private static String env(String name) {
    return System.getenv("WAYBILL_CLICKHOUSE_" + name);
  }
}
