package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.app.Application;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
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
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests of any kind to the management port: none is answered 5xx, tells of the inside, or shows
 * a row where rows have no place. {@code -Dwaybill.test.fuzz=600} does it for ten minutes.
 */
final class ApiFuzzIT {
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("waybill.test.fuzz", 15));
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROW = "canary-of-a-row";
  private static final String[] PIECES = {
    "fuzzed", "..", "%2e%2e%2f", "%00", "'", "%27%20OR%201%3D1--", "%22", "%3Cscript%3E",
        "%F0%9F%98%80", "-1",
    "99999999999999999999", "2026-13-01", "%0d%0aX-Evil:1", "null", "true", "a%2Fb", "*", "%5C",
        "completed,x", ""
  };
  private static final String[] VALUES = {
    "null",
    "1",
    "-1",
    "1e400",
    "\"\"",
    "\"'; DROP TABLE run; --\"",
    "[]",
    "{}",
    "[[[[[]]]]]",
    "true",
    "\"\\u0000\"",
    "\"../../etc/passwd\"",
    "{\"a\":{\"a\":{\"a\":1}}}",
    "\"fuzzed\"",
    "9223372036854775808"
  };
  private static final String[] FIELDS = {
    "parameters", "ids", "note", "day", "from", "to", "state", "every"
  };
  @TempDir Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();

  /** What the document says can be asked. */
  private record Call(String method, String path, List<String> query) {}

  @Test
  void nothingIsAnsweredByAFaultOrByMoreThanWasAsked() throws Exception {
    long seed = Long.getLong("waybill.test.seed", new Random().nextLong());
    System.out.println("ApiFuzzIT: seed " + seed);
    Random random = new Random(seed);
    RoadHome home = RoadHome.in(folder).set("waybill.management.port", "0");
    home.table("fuzzed", "id UInt64, text String").movingFlow("fuzzed", "");
    home.drop("fuzzed", "a.csv", "id,text\n1,a\n%s,b\n".formatted(ROW));
    try (Application application = home.start(false)) {
      URI base = URI.create(application.managementUrl().orElseThrow());
      List<Call> calls = calls(base);
      List<String> known = new ArrayList<>(List.of("fuzzed"));
      int asked = 0;
      long end = System.nanoTime() + TIME.toNanos();
      while (System.nanoTime() < end) {
        if (random.nextInt(10) == 0) {
          garbage(base, random);
        } else {
          Call call = calls.get(random.nextInt(calls.size()));
          HttpRequest request = request(base, call, known, random);
          assertSound(request, client.send(request, BodyHandlers.ofString()));
          asked++;
        }
        if (known.size() == 1 && !home.runs("fuzzed").isEmpty() && !home.letters().isEmpty()) {
          known.add(home.runs("fuzzed").get(0).id());
          known.add(home.letters().get(0).id());
        }
      }
      System.out.printf("ApiFuzzIT: %d requests%n", asked);
      assertThat(asked).isPositive();
      assertThat(get(base, "health/live").statusCode()).isEqualTo(200);
      assertThat(known).hasSize(3);
    }
  }

  private HttpResponse<String> get(URI base, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(base.resolve("/" + path)).build(), BodyHandlers.ofString());
  }

  private List<Call> calls(URI base) throws Exception {
    JsonNode document = JSON.readTree(get(base, "api/v1/openapi.json").body());
    List<Call> calls = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      if (path.getKey().endsWith("/events")) {
        continue; // goes on for ever
      }
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        calls.add(
            new Call(
                operation.getKey().toUpperCase(Locale.ROOT),
                path.getKey(),
                operation.getValue().at("/parameters").findValuesAsText("name")));
      }
    }
    assertThat(calls).hasSizeGreaterThan(10);
    return calls;
  }

  private static HttpRequest request(URI base, Call call, List<String> known, Random random) {
    String path = call.path;
    while (path.contains("{")) {
      path =
          path.replaceFirst(
              "\\{[^}]*}", java.util.regex.Matcher.quoteReplacement(piece(known, random)));
    }
    StringBuilder uri = new StringBuilder(path.startsWith("/api") ? path : "/api/v1" + path);
    for (int i = random.nextInt(3); i > 0 && !call.query.isEmpty(); i--) {
      uri.append(uri.indexOf("?") < 0 ? '?' : '&')
          .append(call.query.get(random.nextInt(call.query.size())))
          .append('=')
          .append(piece(known, random));
    }
    String method =
        random.nextInt(20) == 0
            ? List.of("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS").get(random.nextInt(5))
            : call.method;
    return HttpRequest.newBuilder(base.resolve(uri.toString()))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", random.nextInt(10) == 0 ? "text/plain" : "application/json")
        .method(
            method,
            method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body(random)))
        .build();
  }

  private static String piece(List<String> known, Random random) {
    return random.nextBoolean()
        ? known.get(random.nextInt(known.size()))
        : PIECES[random.nextInt(PIECES.length)];
  }

  private static String body(Random random) {
    if (random.nextInt(6) == 0) {
      return "{\"".repeat(random.nextInt(2000));
    }
    StringBuilder body = new StringBuilder("{");
    for (int i = random.nextInt(4); i > 0; i--) {
      body.append(body.length() > 1 ? "," : "")
          .append('"')
          .append(FIELDS[random.nextInt(FIELDS.length)])
          .append("\":")
          .append(VALUES[random.nextInt(VALUES.length)]);
    }
    return body.append('}').toString();
  }

  private static void assertSound(HttpRequest request, HttpResponse<String> answer) {
    String what =
        request.method() + " " + request.uri() + " -> " + answer.statusCode() + " " + answer.body();
    assertThat(answer.statusCode()).as(what).isLessThan(500);
    assertThat(answer.body()).as(what).doesNotContain("\tat ", "Exception", "java.", "SQLITE");
    assertThat(answer.headers().map().keySet())
        .as(what)
        .noneMatch(name -> name.equalsIgnoreCase("x-evil"));
    if (answer.statusCode() >= 400 && !request.method().equals("HEAD")) {
      assertThat(answer.headers().firstValue("Content-Type"))
          .as(what)
          .contains("application/problem+json");
      assertThat(answer.body()).as(what).doesNotContain(ROW);
    }
  }

  /** Bytes that are no HTTP, or hardly. */
  private static void garbage(URI base, Random random) throws IOException {
    String[] heads = {
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
      "POST /api/v1/flows/fuzzed/trigger HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
      "GET " + "/a".repeat(9000) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + "X: y\r\n".repeat(5000) + "\r\n",
      "\0\0\0\0\r\n\r\n",
      "GET /%ZZ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    };
    byte[] bytes = heads[random.nextInt(heads.length)].getBytes(StandardCharsets.ISO_8859_1);
    if (random.nextBoolean()) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(254));
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort())) {
      socket.setSoTimeout(200);
      socket.getOutputStream().write(bytes);
      InputStream in = socket.getInputStream();
      byte[] answer = in.readNBytes(12);
      // 501 and 505 say that another version of HTTP is not spoken
      assertThat(new String(answer, StandardCharsets.ISO_8859_1))
          .doesNotMatch("HTTP/1\\.1 5(?!01|05).*");
    } catch (java.net.SocketException | java.net.SocketTimeoutException e) {
      // closed on, or left waiting for the rest: both are answers to garbage
    }
  }
}
