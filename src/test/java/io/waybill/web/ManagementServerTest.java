package io.waybill.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is let in at the management port. */
final class ManagementServerTest {
  private static final String TOKEN = "a-token-of-24-characters";

  private static ManagementServer open(Optional<String> token) throws ManagementException {
    ManagementServer server =
        ManagementServer.start(new ManagementSettings("127.0.0.1", 0, true, token));
    server.page("/metrics", () -> new Page.Reply(200, "text/plain; charset=utf-8", "up 1\n"));
    return server;
  }

  /** Sends a request as it stands; the answer with its head. */
  private static String ask(ManagementServer server, String head, String body) throws IOException {
    URI url = URI.create(server.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String request =
          head.replace("HERE", url.getHost() + ":" + url.getPort())
              + "Content-Length: %d\r\nConnection: close\r\n\r\n%s".formatted(body.length(), body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String get(ManagementServer server, String path, String headers)
      throws IOException {
    return ask(server, "GET %s HTTP/1.1\r\nHost: HERE\r\n%s".formatted(path, headers), "");
  }

  @Test
  void withoutATokenThisMachineIsServed() throws Exception {
    try (ManagementServer server = open(Optional.empty())) {
      assertThat(get(server, "/metrics", "")).startsWith("HTTP/1.1 200").endsWith("up 1\n");
      assertThat(get(server, "/", ""))
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("content-security-policy: default-src 'none'");
      assertThat(get(server, "/nothing", "")).startsWith("HTTP/1.1 404").contains("NOT_FOUND");
    }
  }

  @Test
  void theApiSaysThatWaybillStartsUntilItIsThere() throws Exception {
    try (ManagementServer server = open(Optional.empty())) {
      assertThat(get(server, "/api/v1/flows", "")).startsWith("HTTP/1.1 503").contains("STARTING");
    }
  }

  @Test
  void aTokenIsAskedOfEveryRequestButForTheDashboardsFiles() throws Exception {
    try (ManagementServer server = open(Optional.of(TOKEN))) {
      assertThat(get(server, "/", "")).startsWith("HTTP/1.1 200");
      assertThat(get(server, "/metrics", ""))
          .startsWith("HTTP/1.1 401")
          .containsIgnoringCase("www-authenticate: bearer");
      assertThat(get(server, "/api/v1/flows", "")).startsWith("HTTP/1.1 401");
      assertThat(get(server, "/metrics", "Authorization: Bearer wrong\r\n"))
          .startsWith("HTTP/1.1 401")
          .doesNotContain(TOKEN);
      assertThat(get(server, "/metrics", "Authorization: Bearer " + TOKEN + "\r\n"))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void pagesOfOtherSitesAreKeptOut() throws Exception {
    try (ManagementServer server = open(Optional.empty())) {
      assertThat(ask(server, "GET /metrics HTTP/1.1\r\nHost: rebound.example\r\n", ""))
          .startsWith("HTTP/1.1 403")
          .contains("FOREIGN_HOST");
      assertThat(get(server, "/metrics", "Origin: https://elsewhere.example\r\n"))
          .startsWith("HTTP/1.1 403")
          .contains("FOREIGN_ORIGIN");
      assertThat(get(server, "/metrics", "Origin: null\r\n")).startsWith("HTTP/1.1 403");
      assertThat(get(server, "/metrics", "Origin: http://HERE\r\n")).startsWith("HTTP/1.1 200");
      String post = "POST /metrics HTTP/1.1\r\nHost: HERE\r\nContent-Type: %s\r\n";
      assertThat(ask(server, post.formatted("text/plain"), "{}"))
          .startsWith("HTTP/1.1 415")
          .contains("JSON_REQUIRED");
      assertThat(ask(server, post.formatted("application/json"), "{}")).startsWith("HTTP/1.1 405");
    }
  }

  @Test
  void itDoesNotListenToOthersWithoutAToken() throws Exception {
    assertThatThrownBy(
            () ->
                ManagementServer.start(
                    new ManagementSettings("0.0.0.0", 0, true, Optional.empty())))
        .isInstanceOf(ManagementException.class)
        .hasMessageContaining("waybill.management.token-file");
    try (ManagementServer server =
        ManagementServer.start(new ManagementSettings("0.0.0.0", 0, true, Optional.of(TOKEN)))) {
      assertThat(server.url()).startsWith("http://0.0.0.0:");
    }
  }

  @Test
  void aPortThatIsTakenIsAnErrorOnlyIfItWasAskedFor() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(
              () ->
                  ManagementServer.start(
                      new ManagementSettings("127.0.0.1", port, true, Optional.empty())))
          .isInstanceOf(ManagementException.class)
          .hasMessageContaining("waybill.management.port");
      try (ManagementServer server =
          ManagementServer.start(
              new ManagementSettings("127.0.0.1", port, false, Optional.empty()))) {
        assertThat(URI.create(server.url()).getPort()).isNotEqualTo(port);
      }
    }
  }
}
