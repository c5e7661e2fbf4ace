package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.testing.Recipe;
import io.waybill.testing.TestVault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static tokens out of a real Vault. */
final class StaticTokensIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String FIRST = "first-0123456789abcdef";
  private static final String SECOND = "second-0123456789abcdef";
  @TempDir static Path place;
  private static TestVault vault;
  @TempDir Path folder;

  @BeforeAll
  static void start() {
    vault = TestVault.start(place);
    Recipe.of("What the login may do").run(vault);
  }

  @AfterAll
  static void stop() {
    if (vault != null) {
      vault.close();
    }
  }

  private static HttpResponse<String> ask(Application application, String path, String token)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(application.managementUrl().orElseThrow() + path))
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void aTokenIsGoodAsLongAsItStandsInVault() throws Exception {
    vault.put("secret/waybill-tokens", Map.of("prometheus", FIRST, "ci", SECOND, "weak", "short"));
    Path token = folder.resolve("vault-token");
    Files.writeString(token, vault.rootToken());
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    RoadHome home =
        RoadHome.in(folder)
            .set("waybill.management.port", "0")
            .set("waybill.vault.address", vault.address())
            .set("waybill.vault.token-file", token.toString())
            .set("waybill.vault.poll", "200ms");
    Recipe.of("Static tokens")
        .settings("waybill.")
        .forEach((key, value) -> home.set("waybill." + key, value));
    try (Application application = home.start(false)) {
      assertThat(ask(application, "metrics", FIRST).statusCode()).isEqualTo(200);
      assertThat(ask(application, "api/v1/me", SECOND).body())
          .contains("\"name\":\"ci\"", "\"source\":\"token\"");
      for (String wrong : new String[] {"short", FIRST + "x", "", "prometheus"}) {
        assertThat(ask(application, "metrics", wrong).statusCode()).isEqualTo(401);
      }
      vault.put("secret/waybill-tokens", Map.of("ci", SECOND));
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(ask(application, "metrics", FIRST).statusCode()).isEqualTo(401));
      assertThat(ask(application, "metrics", SECOND).statusCode()).isEqualTo(200);
    }
    assertNowhere(FIRST);
    assertNowhere(SECOND);
  }

  private void assertNowhere(String secret) throws IOException {
    try (Stream<Path> written = Files.walk(folder)) {
      for (Path file : written.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secret);
      }
    }
  }
}
