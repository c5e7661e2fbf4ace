/*
 * How fast rows that are pushed one by one are acknowledged: by HTTP, with 64 connections, and as
 * persistent messages of a JMS broker on the same disk. See bench/README.md.
 */

import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.clickhouse.embedded.EmbeddedSettings;
import jakarta.jms.Connection;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * Usage: {@code java -cp CLASSES bench/Push.java http|committed|jms FOLDER [ROWS]}. CLASSES are those
 * of the build and, for jms, of the tests, whose broker it starts.
 */
public final class Push {
  private static final int CLIENTS = 64;
  private static final String ROW =
      "{\"id\": %d, \"created\": \"2026-11-24 10:00:00.000\", \"text\": \"an order of a few words\"}";
  private final Path folder;
  private final int rows;
  private final EmbeddedClickHouse server;

  private Push(Path folder, int rows, EmbeddedClickHouse server) {
    this.folder = folder;
    this.rows = rows;
    this.server = server;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]).toAbsolutePath();
    Files.createDirectories(folder.resolve("home/routes"));
    int rows = args.length > 2 ? Integer.parseInt(args[2]) : 200_000;
    try (EmbeddedClickHouse server =
        EmbeddedClickHouse.start(EmbeddedSettings.in(folder.resolve("clickhouse")))) {
      Push push = new Push(folder, rows, server);
      switch (args[0]) {
        case "http" -> push.http("batchInterval=1s");
        case "committed" -> push.http("batchInterval=1s&ack=committed");
        case "jms" -> push.jms();
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
    System.exit(0);
  }

  private void home(String from, String options, Map<String, String> properties) throws IOException {
    StringBuilder text = new StringBuilder();
    properties.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    text.append("waybill.clickhouse.url=").append(server.url()).append('\n');
    text.append("waybill.clickhouse.user=").append(server.user()).append('\n');
    text.append("waybill.clickhouse.password=").append(server.password()).append('\n');
    Files.writeString(folder.resolve("home/application.properties"), text);
    Files.writeString(
        folder.resolve("home/routes/push.camel.yaml"),
        """
        - route:
            id: push
            from:
              uri: "%s"
              steps:
                - to: "waybill:bench.push?%s"
        """
            .formatted(from, options));
    ask("CREATE DATABASE IF NOT EXISTS bench");
    ask("DROP TABLE IF EXISTS bench.push SYNC");
    ask(
        "CREATE TABLE bench.push (id UInt64, created DateTime64(3), text String, _waybill_batch"
            + " LowCardinality(String) DEFAULT getSetting('insert_deduplication_token')) ENGINE ="
            + " MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 10000");
  }

  private String ask(String sql) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server.url()))
              .header("X-ClickHouse-User", server.user())
              .header("X-ClickHouse-Key", server.password())
              .POST(HttpRequest.BodyPublishers.ofString(sql))
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.body());
      }
      return answer.body().strip();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process waybill() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx384m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.waybill.cli.Main",
            "run",
            "--home",
            folder.resolve("home").toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("waybill.log").toFile())
        .start();
  }

  private long count() {
    return Long.parseLong(ask("SELECT count() FROM bench.push"));
  }

  private void awaitRows(long wanted) throws InterruptedException {
    while (count() < wanted) {
      Thread.sleep(20);
    }
  }

  // ------------------------------------------------------------------ HTTP

  private void http(String options) throws Exception {
    int port = freePort();
    home(
        "platform-http:/rows?httpMethodRestrict=POST",
        options,
        Map.of("waybill.http.port", Integer.toString(port)));
    Process waybill = waybill();
    try {
      awaitPort(port);
      int before = rows / 4 / CLIENTS * CLIENTS;
      round(port, before, 0); // warms up
      long[] micros = round(port, rows, before);
      awaitRows(before + rows / CLIENTS * CLIENTS);
      report("HTTP, " + CLIENTS + " connections, " + options, micros);
      System.out.println(
          "rows in ClickHouse, each once: "
              + ask("SELECT count() = uniqExact(id) FROM bench.push").equals("1"));
    } finally {
      waybill.destroyForcibly().waitFor();
    }
  }

  /** Pushes so many rows; the microseconds that each took, and behind them those of all. */
  private long[] round(int port, int many, int from) throws Exception {
    long[] micros = new long[many / CLIENTS * CLIENTS + 1];
    CountDownLatch done = new CountDownLatch(CLIENTS);
    AtomicLong failed = new AtomicLong();
    long began = System.nanoTime();
    for (int client = 0; client < CLIENTS; client++) {
      int first = client * (many / CLIENTS);
      new Thread(
              () -> {
                try (Socket socket = new Socket("127.0.0.1", port)) {
                  socket.setTcpNoDelay(true);
                  InputStream in = new BufferedInputStream(socket.getInputStream());
                  for (int i = first; i < first + many / CLIENTS; i++) {
                    long sent = System.nanoTime();
                    socket.getOutputStream().write(request(from + i));
                    if (status(in) / 100 != 2) {
                      failed.incrementAndGet();
                    }
                    micros[i] = (System.nanoTime() - sent) / 1000;
                  }
                } catch (IOException e) {
                  failed.incrementAndGet();
                } finally {
                  done.countDown();
                }
              })
          .start();
    }
    done.await();
    micros[micros.length - 1] = (System.nanoTime() - began) / 1000;
    if (failed.get() > 0) {
      throw new IllegalStateException(failed + " requests were not acknowledged");
    }
    return micros;
  }

  private static byte[] request(long id) {
    String body = ROW.formatted(id);
    return ("POST /rows HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Reads one answer to its end. */
  private static int status(InputStream in) throws IOException {
    int status = 0;
    int length = 0;
    String line = line(in);
    while (!line.isEmpty()) {
      if (status == 0) {
        status = Integer.parseInt(line.substring(9, 12));
      } else if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
      line = line(in);
    }
    in.skipNBytes(length);
    return status;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  private static void report(String name, long[] micros) {
    double seconds = micros[micros.length - 1] / 1e6;
    long[] sorted = Arrays.copyOf(micros, micros.length - 1);
    Arrays.sort(sorted);
    System.out.printf(
        "%s: %,.0f rows/s acknowledged; p50 %.1f ms, p99 %.1f ms, most %.1f ms; p99 / batchInterval %.2f%n",
        name,
        sorted.length / seconds,
        sorted[sorted.length / 2] / 1e3,
        sorted[sorted.length * 99 / 100] / 1e3,
        sorted[sorted.length - 1] / 1e3,
        sorted[sorted.length * 99 / 100] / 1e6);
  }

  private static void awaitPort(int port) throws InterruptedException {
    while (true) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  // ------------------------------------------------------------------ JMS

  private void jms() throws Exception {
    for (int consumers : new int[] {20, 64, 128}) {
      jms(consumers);
    }
  }

  private void jms(int consumers) throws Exception {
    Path journal = Files.createTempDirectory(folder, "broker-");
    try (io.waybill.testing.BrokerProcess broker = io.waybill.testing.BrokerProcess.start(journal)) {
      home(
          "jms:queue:in?transacted=true&lazyCreateTransactionManager=false&cacheLevelName=CACHE_CONSUMER&concurrentConsumers="
              + consumers,
          "batchInterval=1s",
          Map.of(
              "camel.component.jms.connection-factory",
              "#class:org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory",
              "camel.component.jms.connection-factory.brokerURL",
              broker.url()));
      send(broker.url(), 0, 2000);
      Process waybill = waybill();
      try {
        awaitRows(2000); // everything is started, and warm
        send(broker.url(), 2000, rows);
        long began = System.nanoTime();
        awaitRows((2000 + rows) / 10);
        long from = count();
        long measured = System.nanoTime();
        awaitRows(rows * 9L / 10);
        long to = count();
        double seconds = (System.nanoTime() - measured) / 1e9;
        awaitRows(2000 + rows);
        System.out.printf(
            "JMS, %d consumers: %,.0f persistent messages/s (%,.0f from the first to the last)%n",
            consumers, (to - from) / seconds, rows / ((System.nanoTime() - began) / 1e9));
      } finally {
        waybill.destroyForcibly().waitFor();
      }
    }
  }

  private static void send(String url, int from, int many) throws Exception {
    try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
        Connection connection = factory.createConnection();
        Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
      MessageProducer producer = session.createProducer(session.createQueue("in"));
      for (int id = from; id < from + many; id++) {
        producer.send(session.createTextMessage(ROW.formatted(id)));
        if (id % 1000 == 999) {
          session.commit();
        }
      }
      session.commit();
    }
  }
}
