package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients who mean no good send to the management port of a process that serves. */
final class HostileRequestsIT {
  private static final String FLOW = "target";
  private static final int ANSWER_MILLIS = 30_000;
  @TempDir static Path folder;
  private static RoadHome home;
  private static Application application;
  private static URI url;

  @BeforeAll
  static void serve() {
    home = RoadHome.in(folder).set("waybill.management.port", "0");
    home.table(FLOW, "id UInt64").movingFlow(FLOW, "");
    home.drop(FLOW, "a.csv", "id\n1\nx\n");
    home.once();
    home.write("secret.txt", "the-content-of-a-file");
    application = home.start(false);
    url = URI.create(application.managementUrl().orElseThrow());
  }

  @AfterAll
  static void stop() {
    if (application != null) {
      application.close();
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(url.getHost(), url.getPort());
    socket.setSoTimeout(ANSWER_MILLIS);
    return socket;
  }

  /** Sends bytes as they stand, and reads until the server closes or says nothing more. */
  private static String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return all(socket);
    }
  }

  private static String all(Socket socket) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        read.write(buffer, 0, n);
      }
    } catch (SocketException e) {
      // closed with bytes of ours unread: what came before counts
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  private static String get(String path, String... headers) throws IOException {
    return raw(
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n%s\r\n"
            .formatted(path, url.getHost(), url.getPort(), lines(headers)));
  }

  private static String post(String path, String body, String... headers) throws IOException {
    return raw(
        ("POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\n"
                + "Content-Length: %d\r\nConnection: close\r\n%s\r\n%s")
            .formatted(path, url.getHost(), url.getPort(), body.length(), lines(headers), body));
  }

  private static String lines(String... headers) {
    StringBuilder lines = new StringBuilder();
    for (String header : headers) {
      lines.append(header).append("\r\n");
    }
    return lines.toString();
  }

  private static int status(String answer) {
    return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
  }

  /** Neither a failure of ours nor anything of the machine. */
  private static void assertHarmless(String answer) {
    assertThat(status(answer)).as(answer).isLessThan(500);
    assertThat(answer)
        .doesNotContain("the-content-of-a-file", "root:", "Exception", "\tat ", "io.waybill");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/app.js/../../secret.txt",
        "//etc/passwd",
        "/%00app.js",
        "/api/v1/dead-letters/..%2f..%2fsecret.txt",
        "/api/v1/dead-letters/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/api/v1/dead-letters/..%5c..%5csecret.txt",
        "/api/v1/dead-letters/%00",
        "/api/v1/flows/..%2f..%2fsecret.txt",
        "/api/v1/flows/%0d%0aX-Injected:%20yes",
        "/api/v1/runs/..%2f..%2fsecret.txt",
        "/api/v1/runs/%27%20OR%20%271%27=%271",
        "/api/v1/runs/%25",
        "/api/v1/runs/%F0%9F%92%A9",
        "/api/v1/runs/%ff%fe",
        "/api/v1/triggers/_%25",
        "/api/v1/orders/-1",
        "/api/v1/orders/99999999999999999999999",
        "/api/v1/lineage?batch=%27;DROP%20TABLE%20run;--",
        "/api/v1/lineage?batch=..%2f..%2fsecret.txt",
        "/api/v1/runs?text=%27%29%3B%20DROP%20TABLE%20run%3B--",
        "/api/v1/runs?cursor=JyBPUiAnMSc9JzE",
        "/api/v1/runs?since=9999999999-01-01T00:00:00Z",
        "/api/v1/runs?limit=-1",
        "/api/v1/runs?limit=1&limit=2",
        "/api/v1/dead-letters?flow=%27&run=%25&error=%27&column=%22",
        "/api/v1/openapi.json%00.html",
        "/api/v1/%",
        "/%zz",
        "/metrics/../api/v1/flows",
        "/health/live/..;/metrics",
        "/login/callback?state=%3Cscript%3E&code=%0d%0aSet-Cookie:%20a=b",
        "/login?redirect=https://evil.example"
      })
  void aStrangePathOpensNothing(String path) throws Exception {
    String answer = get(path);
    assertHarmless(answer);
    assertThat(answer)
        .doesNotContainIgnoringCase("\r\nx-injected")
        .doesNotContainIgnoringCase("\r\nset-cookie: a=b")
        .doesNotContain("<script>", "evil.example");
  }

  @Test
  void sqlInNamesIsOnlyAName() throws Exception {
    for (String path :
        List.of(
            "/api/v1/flows/x';DROP TABLE flow;--/pause".replace(" ", "%20"),
            "/api/v1/runs/'%20OR%20''='/rerun",
            "/api/v1/triggers/%25/cancel")) {
      assertHarmless(post(path, "{}"));
    }
    assertHarmless(
        post(
            "/api/v1/dead-letters/discard",
            "{\"letters\":[\"' OR 1=1 --\"],\"reason\":\"'); DROP TABLE dead_letter;--\"}"));
    assertThat(home.letters()).hasSize(1);
    assertThat(home.runs(FLOW)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: xchunked\r\nContent-Length: 4",
        "Transfer-Encoding : chunked\r\nContent-Length: 4",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Content-Length: 4\r\nContent-Length: 44",
        "Content-Length: 4, 44",
        "Content-Length: +4",
        "Content-Length: -4",
        "Content-Length: 4\r\n\tchunked",
        "X: y\nTransfer-Encoding: chunked"
      })
  void aBodyWhoseEndIsToldInTwoWaysCarriesNoSecondRequest(String headers) throws Exception {
    String smuggled = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String answer =
        raw(
            ("POST /api/v1/flows/none/pause HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\n%s\r\n\r\n0\r\n\r\n%s")
                .formatted(headers, smuggled));
    assertHarmless(answer);
    assertThat(answer).doesNotContain("# HELP");
    assertThat(answer.split("HTTP/1.1 ", -1).length - 1).as(answer).isLessThanOrEqualTo(1);
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedAsSoonAsItSaysSo() throws Exception {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              ("POST /api/v1/dead-letters/discard HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] head = new byte[12];
      assertThat(socket.getInputStream().readNBytes(head, 0, head.length)).isEqualTo(12);
      assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void headsThatAreTooLargeAreRefused() throws Exception {
    assertHarmless(get("/api/v1/flows", "X: " + "x".repeat(40_000)));
    assertHarmless(get("/api/v1/flows", "Authorization: Bearer " + "x".repeat(40_000)));
    assertHarmless(get("/" + "x".repeat(10_000)));
    assertHarmless(get("/api/v1/runs?text=" + "x".repeat(3_000)));
  }

  @Test
  void brokenBodiesAreToldToBeBroken() throws Exception {
    String nested = "[".repeat(50_000);
    for (String body :
        List.of(
            "",
            "{",
            "null",
            "[]",
            "\"x\"",
            "{\"letters\":null,\"reason\":null}",
            "{\"letters\":[[[]]],\"reason\":1}",
            "{\"letters\":[null],\"reason\":\"x\"}",
            "{\"letters\":" + nested,
            "{\"letters\":[\"x\"],\"reason\":\"x\",\"__proto__\":{}}",
            "{\"@type\":\"java.lang.Runtime\",\"letters\":[\"x\"],\"reason\":\"x\"}",
            "{\"letters\":[\"\\u0000\\ud800\"],\"reason\":\"\\u0000\"}",
            "\u00ff\u00fe\u0000")) {
      String answer = post("/api/v1/dead-letters/discard", body);
      assertHarmless(answer);
      assertThat(status(answer)).as(answer).isIn(400, 409);
    }
    assertThat(
            status(post("/api/v1/flows/" + FLOW + "/trigger", "{\"parameters\":{\"a b\":\"\"}}")))
        .isEqualTo(409);
  }

  @Test
  void headersOfOthersChangeNothing() throws Exception {
    for (String header :
        List.of(
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-For: 127.0.0.1",
            "X-HTTP-Method-Override: DELETE",
            "X-Original-URL: /api/v1/flows",
            "Upgrade: h2c",
            "Expect: 100-continue",
            "Range: bytes=0-1",
            "If-None-Match: \"" + "a".repeat(2000) + "\"",
            "Cookie: waybill-session-1=x; waybill-session-" + url.getPort() + "=\"x",
            "Cookie: " + "a=b;".repeat(500),
            "Authorization: Basic dXNlcjpwYXNzd29yZA==")) {
      assertHarmless(get("/api/v1/flows", header));
    }
    assertThat(
            status(raw("GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")))
        .isEqualTo(403);
    assertThat(status(raw("TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")))
        .isIn(400, 405, 415);
    assertThat(
            status(
                raw(
                    "CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")))
        .isLessThan(500);
  }

  @Test
  @Timeout(120)
  void whoSendsHisHeadByDropsIsLeftStanding() throws Exception {
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Socket socket = connect();
      socket.getOutputStream().write("GET /metrics HT".getBytes(StandardCharsets.US_ASCII));
      slow.add(socket);
    }
    // a byte now and then is no silence, and yet ends
    for (Socket socket : slow) {
      Awaitility.await()
          .atMost(60, TimeUnit.SECONDS)
          .pollInterval(500, TimeUnit.MILLISECONDS)
          .until(() -> isClosed(socket));
    }
    assertThat(status(get("/metrics"))).isEqualTo(200);
    for (Socket socket : slow) {
      socket.close();
    }
  }

  /** Whether a drop is not taken any more. */
  private static boolean isClosed(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write('x');
      socket.setSoTimeout(20);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  @Test
  @Timeout(120)
  void whoSendsHisBodyByDropsIsToldSo() throws Exception {
    try (Socket socket = connect()) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              ("POST /api/v1/flows/none/pause HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = all(socket);
      assertThat(status(answer)).as(answer).isEqualTo(408);
    }
  }

  /** The same thousand requests each time, of which none is a failure of ours. */
  @Test
  @Timeout(300)
  void aThousandRandomRequestsAreNoFailureOfOurs() throws Exception {
    Random random = new Random(8);
    String[] heads = {
      "/api/v1/flows/", "/api/v1/runs/", "/api/v1/runs?", "/api/v1/dead-letters/",
      "/api/v1/dead-letters?", "/api/v1/triggers/", "/api/v1/lineage?batch=", "/api/v1/orders/",
      "/login/callback?", "/"
    };
    String[] orders = {
      "/api/v1/flows/target/trigger",
      "/api/v1/flows/target/backfill",
      "/api/v1/dead-letters/replay",
      "/api/v1/dead-letters/discard",
      "/api/v1/runs/0/mark",
      "/api/v1/runs/0/rerun",
      "/logout"
    };
    String letters =
        "{}[]\":,'%\\/.-_&=;<>\u0000\u00e4\u00ff0123456789abcdefghijklmnopqrstuvwxyz \t\r\n";
    for (int i = 0; i < 1000; i++) {
      StringBuilder noise = new StringBuilder();
      for (int n = random.nextInt(60); n > 0; n--) {
        noise.append(letters.charAt(random.nextInt(letters.length())));
      }
      String answer =
          i % 2 == 0
              ? get(heads[random.nextInt(heads.length)] + noise.toString().replaceAll("\\s", "+"))
              : post(
                  orders[random.nextInt(orders.length)],
                  random.nextBoolean() ? noise.toString() : "{\"letters\":[\"" + noise + "\"]}");
      assertThat(status(answer)).as("request %d: %s", i, answer).isLessThan(500);
    }
    assertThat(status(get("/health/live"))).isEqualTo(200);
  }
}
