package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.app.Application;
import io.waybill.testing.KeycloakPages;
import io.waybill.testing.Recipe;
import io.waybill.testing.TestKeycloak;
import io.waybill.testing.WaybillProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People and programs of a real OIDC provider, set up as docs/security.md shows it. */
final class PeopleIT {
  private static final String STAGING = "s_orders";
  private static final String PRODUCTION = "p_orders";
  private static final String PASSWORD = "a-password-of-a-person";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  @TempDir static Path folder;
  private static TestKeycloak keycloak;
  private static RoadHome home;
  private static String url;

  @BeforeAll
  static void setUp() throws IOException {
    keycloak = TestKeycloak.start(folder.resolve("keycloak"));
    int port = freePort();
    url = "http://127.0.0.1:%d/".formatted(port);
    Recipe recipe =
        Recipe.of("Keycloak")
            .with("https://waybill.example", "http://127.0.0.1:" + port)
            .with("https://keycloak/realms/enterprise", keycloak.issuer());
    recipe.run(keycloak);
    keycloak.person("anna", PASSWORD, "developers");
    keycloak.person("olga", PASSWORD, "operators");
    keycloak.client(
        Map.of(
            "clientId",
            "with-password",
            "publicClient",
            true,
            "directAccessGrantsEnabled",
            true,
            "protocolMappers",
            List.of(
                Map.of(
                    "name",
                    "audience",
                    "protocol",
                    "openid-connect",
                    "protocolMapper",
                    "oidc-audience-mapper",
                    "config",
                    Map.of(
                        "included.client.audience",
                        "waybill-people",
                        "access.token.claim",
                        "true")))));
    home = RoadHome.in(folder.resolve("home")).set("waybill.management.port", "" + port);
    recipe.settings("waybill.").forEach((key, value) -> home.set("waybill." + key, value));
    for (String flow : List.of(STAGING, PRODUCTION)) {
      home.table(flow, "id UInt64, text String").movingFlow(flow, "");
    }
    home.write(
        "policy.yaml",
        """
        version: 1
        environments:
          staging:
            tables: ["%1$s.s_*"]
          production:
            tables: ["%1$s.p_*"]
        roles:
          loader:
            write: [staging, production]
          developer:
            read: [staging]
            operate: [staging]
            members:
              - claim: { groups: developers }
          operator:
            operate: [staging, production]
            members:
              - claim: { groups: operators }
              - claim: { azp: etl }
        flows:
          default-role: loader
        """
            .formatted(home.database()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  @AfterAll
  static void close() {
    if (keycloak != null) {
      keycloak.close();
    }
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static HttpResponse<String> bearer(String method, String path, String token) {
    return send(method, path, method.equals("GET") ? "" : "{}", "Authorization", "Bearer " + token);
  }

  private static String cookie(HttpResponse<String> answer, String name) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(name))
        .map(cookie -> cookie.split(";", 2)[0])
        .findFirst()
        .orElseThrow();
  }

  /** Logs in as a browser does; the cookie of the session. */
  private static String login(String name) {
    HttpResponse<String> begun = send("GET", "login", "");
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(303);
    URI back =
        new KeycloakPages(keycloak, name, PASSWORD)
            .go(URI.create(begun.headers().firstValue("Location").orElseThrow()))
            .orElseThrow();
    assertThat(back.toString()).startsWith(url + "login/callback?");
    String path = back.toString().substring(url.length());
    HttpResponse<String> ended = send("GET", path, "", "Cookie", cookie(begun, "waybill-login-"));
    assertThat(ended.statusCode()).as(ended.body()).isEqualTo(303);
    assertThat(ended.headers().firstValue("Location")).hasValue(url);
    // the same code again, as somebody who saw the address would
    HttpResponse<String> replayed =
        send("GET", path, "", "Cookie", cookie(begun, "waybill-login-"));
    assertThat(replayed.statusCode()).isEqualTo(403);
    return cookie(ended, "waybill-session-");
  }

  @Test
  void aPersonLogsInByABrowserAndOut() {
    try (Application application = home.start(false)) {
      assertThat(application.managementUrl()).hasValue(url);
      assertThat(send("GET", "api/v1/flows", "").statusCode()).isEqualTo(401);
      String session = login("anna");
      JsonNode me = json(send("GET", "api/v1/me", "", "Cookie", session));
      assertThat(me.get("name").asText()).isEqualTo("anna");
      assertThat(me.get("source").asText()).isEqualTo("oidc");
      assertThat(me.get("roles").get(0).asText()).isEqualTo("developer");
      assertThat(me.get("tables")).hasSize(1);

      String csrf = me.get("csrf").asText();
      String[] shown = {"Cookie", session, "X-Waybill-Csrf", csrf};
      String pause = "api/v1/flows/" + STAGING + "/pause";
      assertThat(send("POST", pause, "{}", "Cookie", session).body()).contains("FORGERY");
      assertThat(
              send(
                      "POST",
                      pause,
                      "{}",
                      "Cookie",
                      session,
                      "X-Waybill-Csrf",
                      csrf,
                      "Origin",
                      "https://evil.example")
                  .body())
          .contains("FOREIGN_ORIGIN");
      assertThat(send("POST", pause, "{}", shown).statusCode()).isEqualTo(200);
      assertThat(home.flow(STAGING).pause().orElseThrow().by()).isEqualTo("anna@oidc");
      HttpResponse<String> denied =
          send("POST", "api/v1/flows/" + PRODUCTION + "/pause", "{}", shown);
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(denied.body()).contains("FORBIDDEN", "policy.yaml:");
      assertThat(send("POST", "api/v1/flows/" + STAGING + "/resume", "{}", shown).statusCode())
          .isEqualTo(200);

      HttpResponse<String> out = send("POST", "logout", "{}", shown);
      assertThat(json(out).get("location").asText())
          .startsWith(keycloak.issuer())
          .contains("id_token_hint=");
      assertThat(send("GET", "api/v1/me", "", "Cookie", session).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aProgramShowsATokenOfItsOwn() {
    try (Application application = home.start(false)) {
      assertThat(application.managementUrl()).hasValue(url);
      String token =
          keycloak
              .token("grant_type=client_credentials&client_id=etl&client_secret=the-secret-of-etl")
              .get("access_token")
              .asText();
      JsonNode me = json(bearer("GET", "api/v1/me", token));
      assertThat(me.get("name").asText()).isEqualTo("service-account-etl");
      assertThat(me.get("roles").get(0).asText()).isEqualTo("operator");
      assertThat(bearer("POST", "api/v1/flows/" + PRODUCTION + "/pause", token).statusCode())
          .isEqualTo(200);
      assertThat(home.flow(PRODUCTION).pause().orElseThrow().by())
          .isEqualTo("service-account-etl@oidc");
      assertThat(bearer("POST", "api/v1/flows/" + PRODUCTION + "/resume", token).statusCode())
          .isEqualTo(200);
      assertThat(bearer("GET", "metrics", token).body()).contains("# HELP");
    }
  }

  @Test
  void onlyTokensThatAreMeantForWaybillAreTaken() {
    try (Application application = home.start(false)) {
      assertThat(application.managementUrl()).hasValue(url);
      String form = "grant_type=password&username=anna&scope=openid&password=" + PASSWORD;
      JsonNode meant = keycloak.token(form + "&client_id=with-password");
      assertThat(bearer("GET", "api/v1/me", meant.get("access_token").asText()).statusCode())
          .isEqualTo(200);
      JsonNode others = keycloak.token(form + "&client_id=admin-cli");
      for (String token :
          List.of(
              others.get("access_token").asText(),
              others.get("id_token").asText(),
              meant.get("refresh_token").asText(),
              meant.get("access_token").asText() + "x")) {
        HttpResponse<String> answer = bearer("GET", "api/v1/me", token);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
            .contains("invalid_token");
        assertThat(answer.body()).contains("UNAUTHENTICATED").doesNotContain("anna");
      }
    }
  }

  @Test
  void tokensOfANewKeyAreTakenAtOnce() {
    try (Application application = home.start(false)) {
      assertThat(application.managementUrl()).hasValue(url);
      String form = "grant_type=client_credentials&client_id=etl&client_secret=the-secret-of-etl";
      String before = keycloak.token(form).get("access_token").asText();
      assertThat(bearer("GET", "api/v1/me", before).statusCode()).isEqualTo(200);
      keycloak.admin(
          "/components",
          Map.of(
              "name",
              "another-key",
              "providerId",
              "rsa-generated",
              "providerType",
              "org.keycloak.keys.KeyProvider",
              "config",
              Map.of("priority", List.of("1000"))));
      String after = keycloak.token(form).get("access_token").asText();
      assertThat(after.split("\\.", -1)[0]).isNotEqualTo(before.split("\\.", -1)[0]);
      assertThat(bearer("GET", "api/v1/me", after).statusCode()).isEqualTo(200);
      assertThat(bearer("GET", "api/v1/me", before).statusCode()).isEqualTo(200);
    }
  }

  private static WaybillProcess.Result command(String... arguments) {
    return WaybillProcess.run(home.folder(), environment(), arguments).withoutStackTrace();
  }

  private static Map<String, String> environment() {
    return Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString());
  }

  private static void cliLogin(String name) throws Exception {
    Process login = WaybillProcess.start(home.folder(), environment(), "login");
    try {
      Pattern complete = Pattern.compile("or open (\\S+)");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> assertThat(WaybillProcess.said(home.folder())).containsPattern(complete));
      Matcher place = complete.matcher(WaybillProcess.said(home.folder()));
      assertThat(place.find()).isTrue();
      Optional<URI> left =
          new KeycloakPages(keycloak, name, PASSWORD).go(URI.create(place.group(1)));
      assertThat(left).isEmpty();
      assertThat(login.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(login.exitValue()).as(WaybillProcess.said(home.folder())).isZero();
      assertThat(WaybillProcess.said(home.folder()))
          .contains("logged in as %s@oidc".formatted(name));
    } finally {
      login.destroyForcibly();
    }
  }

  @Test
  void aPersonLogsInAtTheCommandLineAndOrders() throws Exception {
    assertThat(command("pause", STAGING).all()).contains("nobody is logged in", "waybill login");
    cliLogin("anna");
    Path kept = folder.resolve("config/waybill/login.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-------");
    assertThat(command("whoami").out()).contains("anna@oidc", "roles: developer");
    try (Application application = home.start(false)) {
      assertThat(application.managementUrl()).hasValue(url);
      assertThat(command("pause", STAGING).exitCode()).isZero();
      assertThat(home.flow(STAGING).pause().orElseThrow().by()).isEqualTo("anna@oidc");
      assertThat(command("resume", STAGING).exitCode()).isZero();
      WaybillProcess.Result denied = command("pause", PRODUCTION);
      assertThat(denied.exitCode()).isEqualTo(3);
      assertThat(denied.err()).contains("denied: ", "policy.yaml:");
      assertThat(Files.readString(home.folder().resolve("data/log/waybill.log")))
          .doesNotContain(JSON.readTree(kept.toFile()).elements().next().asText());
    }
    // nobody serves: the command decides and does it by itself
    assertThat(command("trigger", STAGING).exitCode()).isZero();
    WaybillProcess.Result denied = command("trigger", PRODUCTION);
    assertThat(denied.exitCode()).isEqualTo(3);
    assertThat(denied.err()).contains("denied: ", "policy.yaml:");

    assertThat(command("logout").out()).contains("logged out");
    assertThat(command("logout").out()).contains("nobody was logged in");
    assertThat(command("resume", STAGING).all()).contains("nobody is logged in");
  }
}
