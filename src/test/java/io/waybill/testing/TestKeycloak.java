package io.waybill.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;

/** A real OIDC provider on a free loopback port, with a realm that has one client for programs. */
public final class TestKeycloak implements AutoCloseable {
  /** The client of the realm. */
  public static final String CLIENT = "waybill";

  /** Its secret. */
  public static final String CLIENT_SECRET = "the-secret-of-the-client";

  private static final String REALM = "enterprise";
  private static final String ADMIN = "admin";
  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final int ERRORS = 400;
  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final Process process;
  private final Path home;

  private TestKeycloak(Path folder) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Files.createDirectories(folder);
    home = unpacked(folder);
    ProcessBuilder builder =
        new ProcessBuilder(
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--db=dev-mem",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname-strict=false")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keycloak.log").toFile());
    builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
    builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
    builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xmx512m");
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  /** Starts one in this folder. */
  public static TestKeycloak start(Path folder) {
    try {
      TestKeycloak keycloak = new TestKeycloak(folder);
      keycloak.makeRealm();
      return keycloak;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path unpacked(Path folder) throws IOException {
    Path zip;
    try (Stream<Path> files = Files.list(Path.of("target/keycloak"))) {
      zip = files.filter(file -> file.toString().endsWith(".zip")).findFirst().orElseThrow();
    }
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(in, file);
        }
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      Path home = files.filter(Files::isDirectory).findFirst().orElseThrow();
      for (String script : List.of("bin/kc.sh", "bin/kcadm.sh")) {
        if (!home.resolve(script).toFile().setExecutable(true)) {
          throw new IOException(script + " cannot be made executable");
        }
      }
      return home;
    }
  }

  private void makeRealm() {
    Awaitility.await("Keycloak")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> !adminToken().isEmpty());
    post(
        "/admin/realms",
        "application/json",
        json(
            Map.of(
                "realm",
                REALM,
                "enabled",
                true,
                "clients",
                List.of(
                    Map.of(
                        "clientId", CLIENT,
                        "secret", CLIENT_SECRET,
                        "serviceAccountsEnabled", true,
                        "standardFlowEnabled", false,
                        "publicClient", false)))),
        adminToken());
  }

  private String adminToken() {
    return post(
            "/realms/master/protocol/openid-connect/token",
            "application/x-www-form-urlencoded",
            "grant_type=password&client_id=admin-cli&username=%s&password=%s"
                .formatted(ADMIN, ADMIN),
            "")
        .path("access_token")
        .asText("");
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode post(String path, String type, String body, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() >= ERRORS) {
        throw new IllegalStateException(path + ": " + response.body());
      }
      return JSON.readTree(response.body().isBlank() ? "{}" : response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Adds somebody with a password, in these groups of the realm. */
  public void person(String name, String password, String... groups) {
    post(
        "/admin/realms/" + REALM + "/users",
        "application/json",
        json(
            Map.of(
                "username",
                name,
                "enabled",
                true,
                "email",
                name + "@enterprise.example",
                "emailVerified",
                true,
                "firstName",
                name,
                "lastName",
                "Test",
                "groups",
                List.of(groups),
                "credentials",
                List.of(Map.of("type", "password", "value", password, "temporary", false)))),
        adminToken());
  }

  /** Adds a client. */
  public void client(Map<String, ?> client) {
    post("/admin/realms/" + REALM + "/clients", "application/json", json(client), adminToken());
  }

  /** Changes the realm: keys, sessions and the like. */
  public void admin(String path, Map<String, ?> body) {
    post("/admin/realms/" + REALM + path, "application/json", json(body), adminToken());
  }

  /** What a token endpoint answers to this form. */
  public JsonNode token(String form) {
    return post(
        "/realms/" + REALM + "/protocol/openid-connect/token",
        "application/x-www-form-urlencoded",
        form,
        "");
  }

  /** Folder with its commands. */
  public Path commands() {
    return home.resolve("bin");
  }

  /** Its address. */
  public String address() {
    return "http://127.0.0.1:" + port;
  }

  /** Name and password of its administrator. */
  public String administrator() {
    return ADMIN;
  }

  /** Who issues the tokens; below it is what OIDC calls discovery. */
  public String issuer() {
    return "http://127.0.0.1:%d/realms/%s".formatted(port, REALM);
  }

  /** Where programs get tokens. */
  public String tokenUrl() {
    return issuer() + "/protocol/openid-connect/token";
  }

  private void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    end();
  }
}
