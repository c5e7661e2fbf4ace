import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.clickhouse.embedded.EmbeddedSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a serving process answers how fast: from a trigger to its batch at the server, the pages of
 * runs, and what open dashboards cost the file road. Usage: {@code java -cp CLASSES
 * bench/Serving.java FOLDER triggers|dashboards|runs [LEDGER or ROWS]}.
 */
public final class Serving {
  private static final int TRIGGERS = 40;
  private static final int WARM = 10;
  private static final int ROUNDS = 6;
  private static final int DASHBOARDS = 50;
  private static final List<String> OVERVIEW =
      List.of("status", "flows", "throughput", "runs?state=failed&limit=5", "runs?limit=12");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path folder;
  private final EmbeddedClickHouse server;
  private final int port;

  private Serving(Path folder, EmbeddedClickHouse server) throws IOException {
    this.folder = folder;
    this.server = server;
    try (ServerSocket socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    }
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]).toAbsolutePath();
    Files.createDirectories(folder.resolve("home/routes"));
    Files.createDirectories(folder.resolve("home/data"));
    Files.createDirectories(folder.resolve("home/in"));
    try (EmbeddedClickHouse server =
        EmbeddedClickHouse.start(EmbeddedSettings.in(folder.resolve("clickhouse")))) {
      Serving serving = new Serving(folder, server);
      switch (args[1]) {
        case "triggers" -> serving.triggers();
        case "dashboards" -> serving.dashboards(Integer.parseInt(args[2]));
        case "runs" -> serving.runs(Path.of(args[2]));
        default -> throw new IllegalArgumentException(args[1]);
      }
    }
    System.exit(0);
  }

  // ------------------------------------------------------------------ triggers

  private void triggers() throws Exception {
    home(
        "timer:t?delay=86400000",
        "                - setBody: {constant: '{\"id\": 1, \"text\": \"a\"}'}\n");
    Process waybill = waybill();
    try {
      List<Double> millis = new ArrayList<>();
      for (int i = 0; i < WARM + TRIGGERS; i++) {
        Instant asked = Instant.now();
        HttpResponse<String> answer = post("flows/bench/trigger", "{}");
        if (answer.statusCode() != 200) {
          throw new IllegalStateException(answer.body());
        }
        long wanted = i + 1;
        await("SELECT count() >= %d FROM bench.served".formatted(wanted));
        ask("SYSTEM FLUSH LOGS");
        double sent =
            Double.parseDouble(
                ask(
                    "SELECT toUnixTimestamp64Micro(max(query_start_time_microseconds)) / 1000 FROM system.query_log"
                        + " WHERE type = 'QueryFinish' AND query LIKE 'INSERT INTO%served%'"));
        if (i >= WARM) {
          millis.add(sent - (asked.getEpochSecond() * 1e3 + asked.getNano() / 1e6));
        }
      }
      report("trigger by the API to the batch at ClickHouse", millis);
    } finally {
      end(waybill);
    }
  }

  // ------------------------------------------------------------------ dashboards

  private void dashboards(int rows) throws Exception {
    home("file:in?delay=100&initialDelay=0", "");
    byte[] file = csv(rows);
    Process waybill = waybill();
    try {
      List<Double> without = new ArrayList<>();
      List<Double> with = new ArrayList<>();
      Duration cpuWithout = Duration.ZERO;
      Duration cpuWith = Duration.ZERO;
      load(file, 0);
      for (int i = 0; i < 2 * ROUNDS; i++) {
        boolean watched = i % 4 == 1 || i % 4 == 2;
        Duration before = cpu(waybill);
        (watched ? with : without).add(watched ? watched(file, i + 1) : load(file, i + 1));
        Duration took = cpu(waybill).minus(before);
        cpuWith = watched ? cpuWith.plus(took) : cpuWith;
        cpuWithout = watched ? cpuWithout : cpuWithout.plus(took);
      }
      report("load of %,d rows without a dashboard".formatted(rows), without);
      report("load with %d dashboards".formatted(DASHBOARDS), with);
      double[] ratios = new double[ROUNDS];
      Arrays.setAll(ratios, i -> with.get(i) / without.get(i));
      Arrays.sort(ratios);
      System.out.printf(
          "CPU of Waybill for a load: %d ms without, %d ms with%n",
          cpuWithout.toMillis() / ROUNDS, cpuWith.toMillis() / ROUNDS);
      System.out.printf(
          "ratio %.2f (%.2f to %.2f)%n",
          (ratios[ROUNDS / 2 - 1] + ratios[ROUNDS / 2]) / 2, ratios[0], ratios[ROUNDS - 1]);
    } finally {
      end(waybill);
    }
  }

  private static Duration cpu(Process process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  private static byte[] csv(int rows) {
    StringBuilder text = new StringBuilder("id,text\n");
    for (int i = 0; i < rows; i++) {
      text.append(i).append(",an order of a few words and a number ").append(i * 31L).append('\n');
    }
    return text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Milliseconds from the first batch planned to the last one settled, as the run says. */
  private double load(byte[] file, int number) throws Exception {
    Path part = folder.resolve("part");
    Files.write(part, file);
    Files.write(part, ("-1,part " + number + "\n").getBytes(), java.nio.file.StandardOpenOption.APPEND);
    ask("TRUNCATE TABLE bench.served");
    Files.move(part, folder.resolve("home/in/" + number + ".csv"));
    while (!get("runs?limit=1").contains("/" + number + ".csv\"") || !get("runs?limit=1").contains("\"completed\"")) {
      Thread.sleep(50);
    }
    String run = get("runs?limit=1");
    return Duration.between(time(run, "firstPlannedAt"), time(run, "lastSettledAt")).toNanos() / 1e6;
  }

  private static Instant time(String json, String field) {
    var matcher = java.util.regex.Pattern.compile('"' + field + "\":\"([^\"]+)\"").matcher(json);
    if (!matcher.find()) {
      throw new IllegalStateException(field + " is not in " + json);
    }
    return Instant.parse(matcher.group(1));
  }

  /** As {@link #load}, while dashboards listen and look anew when something begins or ends. */
  private double watched(byte[] file, int number) throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<InputStream> streams = new ArrayList<>();
    for (int i = 0; i < DASHBOARDS; i++) {
      InputStream events =
          HTTP.send(
                  HttpRequest.newBuilder(uri("events")).build(),
                  HttpResponse.BodyHandlers.ofInputStream())
              .body();
      streams.add(events);
      Thread thread = new Thread(() -> watch(events));
      thread.start();
      threads.add(thread);
    }
    try {
      return load(file, number);
    } finally {
      for (InputStream each : streams) {
        each.close();
      }
      for (Thread each : threads) {
        each.join();
      }
    }
  }

  /** As app.js does: a look when a run begins or ends, 1.5 s later, so that many are one. */
  private void watch(InputStream events) {
    byte[] some = new byte[1 << 16];
    boolean running = false;
    try {
      for (int read = events.read(some); read > 0; read = events.read(some)) {
        boolean goesOn = new String(some, 0, read, java.nio.charset.StandardCharsets.UTF_8).contains("\"running\"");
        if (!goesOn || !running) {
          Thread.sleep(1_500);
          for (String page : OVERVIEW) {
            var unused = get(page);
          }
        }
        running = goesOn;
      }
    } catch (IOException e) {
      return; // closed, when the load is through
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ------------------------------------------------------------------ runs

  private void runs(Path ledger) throws Exception {
    Files.copy(ledger, folder.resolve("home/data/ledger.db"));
    home("timer:t?delay=86400000", "");
    Process waybill = waybill();
    try {
      for (String page : List.of("runs?limit=50", "runs?flow=flow7&limit=50", "runs?state=failed&limit=50", "flows")) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < WARM + TRIGGERS; i++) {
          long began = System.nanoTime();
          var unused = get(page.contains("?") ? page + "&text=" + (i % 2 == 0 ? "" : "file") : page);
          if (i >= WARM) {
            millis.add((System.nanoTime() - began) / 1e6);
          }
        }
        report("GET " + page, millis);
      }
    } finally {
      end(waybill);
    }
  }

  // ------------------------------------------------------------------ shared

  private void home(String from, String steps) throws IOException {
    StringBuilder text = new StringBuilder();
    Map.of(
            "waybill.management.port", Integer.toString(port),
            "waybill.clickhouse.url", server.url(),
            "waybill.clickhouse.user", server.user(),
            "waybill.clickhouse.password", server.password())
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    Files.writeString(folder.resolve("home/application.properties"), text);
    Files.writeString(
        folder.resolve("home/routes/bench.camel.yaml"),
        """
        - route:
            id: bench
            from:
              uri: "%s"
              steps:
        %s        - to: "waybill:bench.served?batchRows=100000"
        """
            .formatted(from, steps.replace("                - ", "        - ")));
    ask("CREATE DATABASE IF NOT EXISTS bench");
    ask("DROP TABLE IF EXISTS bench.served SYNC");
    ask(
        "CREATE TABLE bench.served (id Int64, text String, _waybill_batch LowCardinality(String) DEFAULT"
            + " getSetting('insert_deduplication_token')) ENGINE = MergeTree ORDER BY id"
            + " SETTINGS non_replicated_deduplication_window = 10000");
  }

  private Process waybill() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Xms128m", "-Xmx384m", "-Xmn64m", "-cp",
                System.getProperty("java.class.path"), "io.waybill.cli.Main", "run", "--home",
                folder.resolve("home").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("waybill.log").toFile())
            .start();
    for (int i = 0; i < 600; i++) {
      if (!process.isAlive()) {
        throw new IllegalStateException(Files.readString(folder.resolve("waybill.log")));
      }
      try {
        if (HTTP.send(HttpRequest.newBuilder(uri("../../health/ready")).build(), HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return process;
        }
      } catch (IOException e) {
        // not yet
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException(Files.readString(folder.resolve("waybill.log")));
  }

  private static void end(Process waybill) throws InterruptedException {
    waybill.destroy();
    waybill.waitFor();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + "/api/v1/").resolve(path);
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HTTP.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
    return answer.body();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void await(String condition) throws Exception {
    while (!ask(condition).equals("1")) {
      Thread.sleep(5);
    }
  }

  private String ask(String sql) {
    try {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(server.url()))
                  .header("X-ClickHouse-User", server.user())
                  .header("X-ClickHouse-Key", server.password())
                  .POST(HttpRequest.BodyPublishers.ofString(sql))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.body());
      }
      return answer.body().strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void report(String what, List<Double> millis) {
    double[] sorted = millis.stream().mapToDouble(each -> each).sorted().toArray();
    System.out.printf(
        "%s: median %.1f ms, slowest %.1f ms%n", what, sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }
}
