package io.waybill.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is let in at the management port. */
final class ManagementServerTest {
  private static final String TOKEN = "a-token-of-24-characters";

  private static ManagementServer open(Optional<String> token) throws ManagementException {
    return open(token.isEmpty() ? FakeDoor.open() : FakeDoor.of(Map.of(TOKEN, "ci")));
  }

  private static ManagementServer open(FakeDoor door) throws ManagementException {
    ManagementServer server = ManagementServer.start(settings("127.0.0.1", 0, true, door));
    server.page("/metrics", () -> new Page.Reply(200, "text/plain; charset=utf-8", "up 1\n"));
    return server;
  }

  private static ManagementSettings settings(String host, int port, boolean asked, FakeDoor door) {
    return new ManagementSettings(host, port, asked, Optional.empty(), door);
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
  void whetherItLivesEverybodyMayKnow() throws Exception {
    try (ManagementServer server = open(Optional.of(TOKEN))) {
      server.page("/health/live", () -> new Page.Reply(200, "text/plain", "UP"));
      server.page("/health", () -> new Page.Reply(200, "text/plain", "UP"));
      assertThat(get(server, "/health/live", "")).startsWith("HTTP/1.1 200");
      assertThat(get(server, "/health", "")).startsWith("HTTP/1.1 401");
    }
  }

  @Test
  void whoAsksCannotBeToldWhileAProviderIsAway() throws Exception {
    FakeDoor door = FakeDoor.of(Map.of(TOKEN, "ci"));
    try (ManagementServer server = open(door)) {
      door.away = true;
      assertThat(get(server, "/metrics", "Authorization: Bearer " + TOKEN + "\r\n"))
          .startsWith("HTTP/1.1 503")
          .contains("IDENTITY_AWAY");
    }
  }

  @Test
  void aLoginEndsInASessionThatNoScriptReads() throws Exception {
    FakeDoor door = FakeDoor.of(Map.of(TOKEN, "ci"));
    try (ManagementServer server = open(door)) {
      int port = URI.create(server.url()).getPort();
      String begun = get(server, "/login", "");
      assertThat(begun)
          .startsWith("HTTP/1.1 303")
          .containsIgnoringCase("location: https://provider.example/authorize")
          .contains("waybill-login-%d=the-browser".formatted(port), "HTTPOnly", "SameSite=Lax");
      assertThat(door.redirect).isEqualTo("http://127.0.0.1:%d/login/callback".formatted(port));
      String cookie = "Cookie: waybill-login-%d=the-browser\r\n".formatted(port);
      assertThat(get(server, "/login/callback?code=c&state=s", cookie))
          .startsWith("HTTP/1.1 303")
          .contains("waybill-session-%d=the-session".formatted(port))
          .contains("HTTPOnly", "SameSite=Strict");
      String session = "Cookie: waybill-session-%d=the-session\r\n".formatted(port);
      assertThat(get(server, "/metrics", session)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void aLoginThatWasNotBegunHereOpensNothing() throws Exception {
    FakeDoor door = FakeDoor.of(Map.of(TOKEN, "ci"));
    try (ManagementServer server = open(door)) {
      int port = URI.create(server.url()).getPort();
      assertThat(get(server, "/login/callback?code=c&state=s", ""))
          .startsWith("HTTP/1.1 400")
          .doesNotContain("the-session");
      String cookie = "Cookie: waybill-login-%d=another\r\n".formatted(port);
      assertThat(get(server, "/login/callback?code=c&state=s", cookie))
          .startsWith("HTTP/1.1 403")
          .contains("no &lt;login>")
          .doesNotContain("the-session");
      assertThat(
              get(
                  server,
                  "/login/callback?error=%3Cscript%3Ealert(1)%3C/script%3E&state=s",
                  cookie))
          .startsWith("HTTP/1.1 403")
          .doesNotContain("<script");
    }
  }

  @Test
  void anotherNameOfThisHostIsNotWhereALoginComesBackTo() throws Exception {
    FakeDoor door = FakeDoor.of(Map.of(TOKEN, "ci"));
    try (ManagementServer server = open(door)) {
      assertThat(ask(server, "GET /login HTTP/1.1\r\nHost: evil.example\r\n", ""))
          .startsWith("HTTP/1.1 303");
      assertThat(door.redirect).isEqualTo(server.url() + "login/callback");
    }
  }

  @Test
  void anOrderOfASessionMustShowWhatOnlyItsPagesKnow() throws Exception {
    FakeDoor door = FakeDoor.of(Map.of(TOKEN, "ci"));
    try (ManagementServer server = open(door)) {
      int port = URI.create(server.url()).getPort();
      String session =
          "Cookie: waybill-session-%d=%s\r\n".formatted(port, door.finish("s", "c", "the-browser"));
      String post =
          "POST /logout HTTP/1.1\r\nHost: HERE\r\nContent-Type: application/json\r\n" + session;
      assertThat(ask(server, post, "{}")).startsWith("HTTP/1.1 403").contains("FORGERY");
      assertThat(ask(server, post + "X-Waybill-Csrf: wrong\r\n", "{}")).startsWith("HTTP/1.1 403");
      assertThat(get(server, "/metrics", session)).startsWith("HTTP/1.1 200");
      assertThat(ask(server, post + "X-Waybill-Csrf: c\r\n", "{}")).startsWith("HTTP/1.1 200");
      assertThat(get(server, "/metrics", session))
          .startsWith("HTTP/1.1 401")
          .contains("waybill-session-%d=;".formatted(port));
    }
  }

  @Test
  void itDoesNotListenToOthersWithoutAToken() throws Exception {
    assertThatThrownBy(() -> ManagementServer.start(settings("0.0.0.0", 0, true, FakeDoor.open())))
        .isInstanceOf(ManagementException.class)
        .hasMessageContaining("waybill.management.token-file");
    try (ManagementServer server =
        ManagementServer.start(settings("0.0.0.0", 0, true, FakeDoor.of(Map.of(TOKEN, "ci"))))) {
      assertThat(server.url()).startsWith("http://0.0.0.0:");
    }
  }

  @Test
  void aPortThatIsTakenIsAnErrorOnlyIfItWasAskedFor() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(
              () -> ManagementServer.start(settings("127.0.0.1", port, true, FakeDoor.open())))
          .isInstanceOf(ManagementException.class)
          .hasMessageContaining("waybill.management.port");
      try (ManagementServer server =
          ManagementServer.start(settings("127.0.0.1", port, false, FakeDoor.open()))) {
        assertThat(URI.create(server.url()).getPort()).isNotEqualTo(port);
      }
    }
  }
}
