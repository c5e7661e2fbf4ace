package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.app.Application;
import io.waybill.camel.FlowHold;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are pushed by HTTP: what is acknowledged arrives once, what is not says why. */
final class HttpPushIT {
  private static final String FLOW = "pushed";
  private static final String JSON = "application/json";
  private static final int CLIENTS = 64;
  private static final int EACH = Integer.getInteger("waybill.test.messages", 2560) / CLIENTS;
  private static final int KILLS = Integer.getInteger("waybill.test.source-kills", 3);
  private static final Duration PATIENCE = Duration.ofSeconds(Math.max(90, EACH / 10));
  private static final ObjectMapper MAPPER = new ObjectMapper();
  @TempDir Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private RoadHome home;
  private int port;

  @BeforeEach
  void home() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    home =
        RoadHome.in(folder)
            .table(FLOW, "id UInt64, text String")
            .set("waybill.http.port", Integer.toString(port));
  }

  private void flow(String options) {
    flow("", options);
  }

  private void flow(String from, String options) {
    home.flowFrom(FLOW, "platform-http:/rows?httpMethodRestrict=POST" + from, options);
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private void awaitRows(long rows) {
    await(rows + " rows", () -> home.rows(FLOW, "count()").equals(List.of(Long.toString(rows))));
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
  }

  private HttpResponse<String> post(String type, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        to("/rows").header("Content-Type", type).POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String json) throws Exception {
    return post(JSON, json.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = json(response);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("code").asText()).isEqualTo(code);
    assertThat(problem.get("type").asText()).isNotEmpty();
    assertThat(problem.get("title").asText()).isNotEmpty();
    assertThat(problem.get("detail").asText()).isNotEmpty().doesNotContain("secret");
    assertThat(response.headers().firstValue("Retry-After").isPresent())
        .isEqualTo(status == 429 || status == 503);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  private static String row(long id) {
    return "{\"id\": %d, \"text\": \"text of %d\"}".formatted(id, id);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void objectsLinesAndArraysPlainAndPackedArrive() throws Exception {
    flow("batchInterval=100ms");
    try (Application application = home.start(false)) {
      assertThat(post(row(1)).statusCode()).isEqualTo(202);
      HttpResponse<String> lines = post("application/x-ndjson", bytes(row(2) + "\n" + row(3)));
      assertThat(lines.statusCode()).isEqualTo(202);
      assertThat(json(lines).get("rows").asInt()).isEqualTo(2);
      assertThat(json(lines).get("outcome").asText()).isEqualTo("spooled");
      assertThat(post("[" + row(4) + ",\n" + row(5) + "]").statusCode()).isEqualTo(202);
      byte[] packed = gzip(bytes(row(6)));
      assertThat(post(JSON, packed, "Content-Encoding", "gzip").statusCode()).isEqualTo(202);
      assertThat(json(post("[]")).get("rows").asInt()).isZero();
      awaitRows(6);
      assertThat(application.holds()).isEmpty();
      await("the papers", () -> home.audit().equals(home.settledInLedger()));
    }
    assertThat(home.rows(FLOW, "id, text"))
        .containsExactly(
            "1\ttext of 1",
            "2\ttext of 2",
            "3\ttext of 3",
            "4\ttext of 4",
            "5\ttext of 5",
            "6\ttext of 6");
  }

  @Test
  void textOfAFormatArrivesAndAnOpenQuoteIsRefused() throws Exception {
    flow("format=CSV&batchInterval=100ms");
    try (Application application = home.start(false)) {
      assertThat(post("text/csv", bytes("1,\"a, b\"\n2,c")).statusCode()).isEqualTo(202);
      assertProblem(post("text/csv", bytes("3,\"secret")), 422, "NOT_THE_FORMAT");
      assertProblem(post(row(4)), 415, "CONTENT_TYPE");
      awaitRows(2);
      assertThat(application.holds()).isEmpty();
    }
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta, b", "2\tc");
  }

  @Test
  void textWithAHeaderLineIsDeliveredBeforeItIsAnswered() throws Exception {
    flow("format=CSVWithNames");
    try (Application application = home.start(false)) {
      HttpResponse<String> answer = post("text/csv", bytes("text,id\nx,1\ny,2\n"));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(json(answer).get("outcome").asText()).isEqualTo("completed");
      assertThat(home.rows(FLOW, "id, text")).containsExactly("1\tx", "2\ty");
      assertThat(application.holds()).isEmpty();
    }
  }

  @Test
  void whatIsNotTakenIsAnsweredWithAProblem() throws Exception {
    home.set("waybill.http.max-body", "64KB");
    flow("batchInterval=100ms");
    try (Application application = home.start(false)) {
      assertProblem(post("application/xml", bytes("<secret/>")), 415, "CONTENT_TYPE");
      assertProblem(post(JSON, bytes(row(1)), "Content-Encoding", "br"), 415, "CONTENT_ENCODING");
      assertProblem(post("secret"), 422, "NOT_THE_FORMAT");
      assertProblem(post(""), 422, "NOT_THE_FORMAT");
      assertProblem(post("{\"id\": 1, \"text\": \"secret"), 422, "NOT_THE_FORMAT");
      assertProblem(
          post(JSON, new byte[] {31, (byte) 139, 8, 0, 1}, "Content-Encoding", "gzip"),
          422,
          "NOT_THE_FORMAT");
      byte[] large = bytes("[" + row(1) + " ".repeat(70_000) + "]");
      assertProblem(post(JSON, large), 413, "TOO_LARGE");
      assertProblem(
          http.send(
              to("/rows")
                  .header("Content-Type", JSON)
                  .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                  .build(),
              BodyHandlers.ofString()),
          413,
          "TOO_LARGE");
      byte[] bomb = gzip(bytes("[" + " ".repeat(50_000_000) + "]"));
      assertThat(bomb.length).isLessThan(64 << 10);
      assertProblem(post(JSON, bomb, "Content-Encoding", "gzip"), 413, "TOO_LARGE");
      assertThat(post(row(7)).statusCode()).isEqualTo(202);
      awaitRows(1);
      assertThat(application.holds()).isEmpty();
    }
    assertThat(home.rows(FLOW, "id")).containsExactly("7");
    assertThat(home.letters()).isEmpty();
  }

  @Test
  void anAnswerCanMeanThatTheRowsAreInClickHouse() throws Exception {
    flow("batchInterval=200ms&ack=committed");
    try (Application application = home.start(false)) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (String body : List.of(row(1), "[" + row(2) + ", {\"id\": \"secret\"}]", row(3))) {
        answers.add(
            http.sendAsync(
                to("/rows")
                    .header("Content-Type", JSON)
                    .POST(BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.ofString()));
      }
      HttpResponse<String> first = answers.get(0).get();
      assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
      assertThat(json(first).get("outcome").asText()).isEqualTo("completed");
      assertThat(home.rows(FLOW, "countIf(id = 1)")).containsExactly("1");
      assertProblem(answers.get(1).get(), 422, "ROWS_REFUSED");
      assertThat(json(answers.get(1).get()).get("deadLetters").asInt()).isEqualTo(1);
      assertThat(json(answers.get(1).get()).get("rows").asInt()).isEqualTo(2);
      assertThat(answers.get(2).get().statusCode()).isEqualTo(200);
      assertThat(home.rows(FLOW, "id")).containsExactly("1", "2", "3");
      assertThat(application.holds()).isEmpty();
    }
    assertThat(home.letters()).hasSize(1);
  }

  @Test
  void aFlowThatCannotStartAsksToBeTriedAgain() throws Exception {
    home.query("DROP TABLE %s.%s SYNC".formatted(home.database(), FLOW));
    flow("batchInterval=100ms");
    try (Application application = home.start(false)) {
      assertThat(application.holds()).hasSize(1);
      assertProblem(post(row(1)), 503, "FLOW_HELD");
      home.table(FLOW, "id UInt64, text String");
      await("the flow goes on", () -> application.holds().isEmpty());
      await("it takes rows", () -> post(row(2)).statusCode() == 202);
      awaitRows(1);
    }
    assertThat(home.rows(FLOW, "id")).containsExactly("2");
  }

  @Test
  void aFullSpoolRefusesWhatItCannotKeep() throws Exception {
    home.set("waybill.spool.max-bytes", "1KB").set("waybill.hold.probe-initial", "1h");
    flow("batchInterval=1h");
    int stored = 0;
    try (Application application = home.start(false)) {
      HttpResponse<String> answer = post(row(stored));
      while (answer.statusCode() == 202) {
        answer = post(row(++stored));
      }
      assertProblem(answer, 503, "SPOOL_FULL");
      assertProblem(post(row(1000)), 503, "FLOW_HELD");
      assertThat(application.holds()).hasSize(1);
    }
    home.set("waybill.spool.max-bytes", "1GB");
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "count(), uniqExact(id), max(id)"))
        .containsExactly("%d\t%d\t%d".formatted(stored, stored, stored - 1));
  }

  @Test
  void moreRequestsThanAllowedAreRefusedAndCostNothing() throws Exception {
    home.set("waybill.http.max-requests", "2");
    flow("batchInterval=2s&ack=committed");
    try (Application application = home.start(false)) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        answers.add(
            http.sendAsync(
                to("/rows")
                    .header("Content-Type", JSON)
                    .POST(BodyPublishers.ofString(row(i)))
                    .build(),
                BodyHandlers.ofString()));
      }
      int refused = 0;
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        if (answer.get().statusCode() == 429) {
          assertProblem(answer.get(), 429, "TOO_MANY_REQUESTS");
          refused++;
        }
      }
      assertThat(refused).isPositive();
      awaitRows(10 - refused);
      assertThat(post(row(11)).statusCode()).isEqualTo(200);
      assertThat(application.holds()).isEmpty();
    }
  }

  @Test
  @SuppressWarnings("try") // the socket is closed early on purpose
  void memoryOfUnfinishedBodiesIsBounded() throws Exception {
    home.set("waybill.http.max-memory", "100KB").set("waybill.http.max-body", "90KB");
    flow("batchInterval=100ms");
    try (Application application = home.start(false);
        Socket slow = half(80_000, 85_000)) {
      await(
          "the memory is taken",
          () -> post("[" + row(1) + " ".repeat(60_000) + "]").statusCode() == 429);
      slow.close();
      await(
          "it is given back",
          () -> post("[" + row(2) + " ".repeat(60_000) + "]").statusCode() == 202);
      assertThat(application.holds()).isEmpty();
    }
  }

  /** A request that says it has a body of this length, and then only sends a part of it. */
  private Socket half(int part, int whole) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    String head =
        "POST /rows HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(JSON, whole);
    socket.getOutputStream().write(bytes(head));
    socket.getOutputStream().write(bytes("[" + row(99) + " ".repeat(part)));
    socket.getOutputStream().flush();
    return socket;
  }

  @Test
  void aBodyThatDoesNotComeWholeLeavesNothing() throws Exception {
    home.set("waybill.http.body-timeout", "300ms");
    flow("batchInterval=50ms");
    try (Application application = home.start(false)) {
      half(10, 1000).close();
      try (Socket slow = half(10, 1000);
          InputStream answer = slow.getInputStream()) {
        String text = new String(answer.readNBytes(20), StandardCharsets.UTF_8);
        assertThat(text).startsWith("HTTP/1.1 408");
      }
      assertThat(post(row(1)).statusCode()).isEqualTo(202);
      awaitRows(1);
      assertThat(application.holds()).isEmpty();
    }
    assertThat(home.rows(FLOW, "id")).containsExactly("1");
  }

  @Test
  @SuppressWarnings("try") // the port is freed early on purpose
  void aPortThatIsTakenHoldsTheFlow() throws Exception {
    flow("batchInterval=50ms");
    try (ServerSocket taken = new ServerSocket(port)) {
      try (Application application = home.start(false)) {
        assertThat(application.holds())
            .extracting(FlowHold::reason)
            .singleElement()
            .asString()
            .contains("PORT_TAKEN", Integer.toString(port));
        taken.close();
        await("the flow goes on", () -> application.holds().isEmpty());
        await("it takes rows", () -> post(row(1)).statusCode() == 202);
        awaitRows(1);
      }
    }
  }

  @Test
  void otherRoutesAnswerAsCamelDoesAndAFlowMayAnswerItself() throws Exception {
    home.route(
        "others",
        """
        - route:
            id: hello
            from:
              uri: platform-http:/hello
              steps:
                - setBody: {constant: "hello"}
        - route:
            id: %s
            from:
              uri: platform-http:/rows
              steps:
                - to: %s
                - setBody: {simple: "got ${header.CamelWaybillRows}"}
                - setHeader: {name: CamelHttpResponseCode, constant: "201"}
        """
            .formatted(FLOW, home.target(FLOW, "batchInterval=50ms")));
    try (Application application = home.start(false)) {
      HttpResponse<String> hello = http.send(to("/hello").GET().build(), BodyHandlers.ofString());
      assertThat(hello.body()).isEqualTo("hello");
      HttpResponse<String> own = post(row(1));
      assertThat(own.statusCode()).isEqualTo(201);
      assertThat(own.body()).isEqualTo("got 1");
      assertThat(application.holds()).isEmpty();
    }
  }

  @Test
  void killedWhileManyPushEachAcknowledgedRowArrivesOnce() throws Exception {
    flow("batchInterval=200ms&batchRows=" + Math.max(300, EACH / 8));
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    AtomicInteger acknowledged = new AtomicInteger();
    List<Future<Integer>> pushed = new ArrayList<>();
    Child child = home.child();
    try {
      for (int client = 0; client < CLIENTS; client++) {
        int first = client * EACH;
        pushed.add(clients.submit(() -> push(first, acknowledged)));
      }
      for (int kill = 1; kill <= KILLS; kill++) {
        int enough = CLIENTS * EACH / (KILLS + 1) * kill;
        Child serving = child;
        await(enough + " acknowledged", () -> acknowledged.get() >= enough || !serving.isAlive());
        assertThat(child.isAlive()).as(child.output()).isTrue();
        child.kill9();
        child = home.child();
      }
      int unanswered = 0;
      for (Future<Integer> each : pushed) {
        unanswered += each.get();
      }
      assertThat(unanswered).as("requests that had to be sent again").isPositive();
    } finally {
      clients.shutdownNow();
      child.kill9();
    }
    try (Child last = home.child("--once")) {
      assertThat(last.exitCode()).as(last.output()).isZero();
    }
    long rows = (long) CLIENTS * EACH;
    assertThat(
            home.rows(FLOW, "count(), uniqExact(id), sum(id), countIf(text != 'text of ' || id)"))
        .containsExactly("%d\t%d\t%d\t0".formatted(rows, rows, rows * (rows - 1) / 2));
    Carried.assertPapers(home);
  }

  /** Sends rows one by one, each until it is acknowledged; how often that took more than once. */
  private int push(int first, AtomicInteger acknowledged) throws Exception {
    int again = 0;
    for (int id = first; id < first + EACH; id++) {
      int row = id;
      AtomicInteger tries = new AtomicInteger();
      Awaitility.await("row " + row)
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(200))
          .atMost(PATIENCE)
          .until(() -> isAcknowledged(row, tries));
      again += tries.get() - 1;
      acknowledged.incrementAndGet();
    }
    return again;
  }

  private boolean isAcknowledged(int id, AtomicInteger tries) throws InterruptedException {
    tries.incrementAndGet();
    try {
      return post(JSON, bytes(row(id)), "Idempotency-Key", "row-" + id).statusCode() / 100 == 2;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return false; // the connection broke, or nobody is there
    }
  }
}
