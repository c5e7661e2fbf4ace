package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.waybill.delivery.Failure;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands between Waybill and ClickHouse, and answers in its place or not at all. */
class TransportVerdictsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @Test
  void nobodyListening() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
      port = socket.getLocalPort();
    }
    assertThat(insertAt("http://127.0.0.1:" + port))
        .satisfies(is(Verdict.RETRY, "CONNECTION_REFUSED"));
  }

  @Test
  void aHostThatIsNotKnown() {
    assertThat(insertAt("http://no-such-host.invalid:8123"))
        .satisfies(is(Verdict.RETRY, "UNKNOWN_HOST"));
  }

  @Test
  void aServerThatClosesWithoutAnAnswerMayHaveApplied() throws IOException {
    assertThat(insertInto("")).satisfies(is(Verdict.UNKNOWN, "NO_ANSWER"));
  }

  @Test
  void aServerThatSpeaksNoHttp() throws IOException {
    assertThat(insertInto("garbage\r\n\r\n").verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aServerThatDoesNotAnswer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, LOOPBACK)) {
      assertThat(insertAt("http://127.0.0.1:" + silent.getLocalPort()))
          .satisfies(is(Verdict.UNKNOWN, "TIMEOUT"));
    }
  }

  @Test
  void aServerThatSpeaksNoTls() throws IOException {
    try (ServerSocket plain = new ServerSocket(0, 1, LOOPBACK)) {
      new Thread(() -> answerOnce(plain, "HTTP/1.1 400 Bad Request\r\n\r\n")).start();
      assertThat(insertAt("https://127.0.0.1:" + plain.getLocalPort()))
          .satisfies(is(Verdict.UNKNOWN, "TLS"));
    }
  }

  @Test
  void aServerWhoseCertificateNobodySignedIsHeld() throws Exception {
    try (ServerSocket self = SelfSigned.listen()) {
      assertThat(insertAt("https://127.0.0.1:" + self.getLocalPort()))
          .satisfies(is(Verdict.HOLD, "TLS_HANDSHAKE"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, UNKNOWN, NO_SUMMARY",
    "502, UNKNOWN, HTTP_502",
    "504, UNKNOWN, HTTP_504",
    "500, UNKNOWN, HTTP_500",
    "403, UNKNOWN, HTTP_403",
    "404, UNKNOWN, HTTP_404"
  })
  void aProxysAnswerProvesNothing(int status, Verdict verdict, String name) throws IOException {
    HttpServer server = answering(status, new AtomicInteger());
    try {
      assertThat(insertAt("http://127.0.0.1:" + server.getAddress().getPort()))
          .satisfies(is(verdict, name));
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"429", "503"})
  void aBodyIsNotSentASecondTimeBehindTheCallersBack(int status) throws IOException {
    AtomicInteger bodies = new AtomicInteger();
    HttpServer server = answering(status, bodies);
    try {
      Failure failure = insertAt("http://127.0.0.1:" + server.getAddress().getPort());
      assertThat(failure.verdict()).isIn(Verdict.UNKNOWN, Verdict.RETRY);
      assertThat(bodies).hasValue(1);
    } finally {
      server.stop(0);
    }
  }

  private static Consumer<Failure> is(Verdict verdict, String name) {
    return failure -> {
      assertThat(failure.verdict()).isEqualTo(verdict);
      assertThat(failure.name()).isEqualTo(name);
      assertThat(failure.code()).isZero();
    };
  }

  private static HttpServer answering(int status, AtomicInteger wholeBodies) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          if (body.equals("1\n")) {
            wholeBodies.incrementAndGet();
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Failure insertInto(String answer) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      Thread answering = new Thread(() -> answerOnce(server, answer));
      answering.start();
      return insertAt("http://127.0.0.1:" + server.getLocalPort());
    }
  }

  private static void answerOnce(ServerSocket server, String answer) {
    try (Socket socket = server.accept();
        OutputStream out = socket.getOutputStream()) {
      int begun = socket.getInputStream().read(new byte[65_536]);
      assertThat(begun).isPositive();
      out.write(answer.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the client went away first
    }
  }

  private static Failure insertAt(String url) {
    try (ClickHouseClient client = Plans.client(url, "u", "p", Duration.ofMillis(500))) {
      InsertRequest request =
          new InsertRequest(
              new TableName("d", "t"),
              List.of(),
              "CSV",
              Map.of(),
              "",
              "",
              "",
              "",
              out -> out.write("1\n".getBytes(StandardCharsets.US_ASCII)));
      return catchThrowableOfType(InsertFailedException.class, () -> client.insert(request))
          .failure(true);
    }
  }
}
