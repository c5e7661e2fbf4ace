package io.waybill.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Vault: the one at {@code VAULT_ADDR}, asked with {@code VAULT_TOKEN}, if that is set (a
 * new one, such as {@code vault server -dev}, as tests leave their traces; what stops or seals it
 * is skipped), else one on a free loopback port with its storage in files, so that it can be
 * restarted.
 */
public final class TestVault implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ERRORS = 400;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final Path commands;
  private final String address;
  private Process process; // null if it is not ours
  private String root;
  private String unsealKey = "";

  private TestVault(Path folder, String address, String root) {
    this.folder = folder;
    this.address = address;
    this.root = root;
    this.commands = folder.resolve("bin");
    try {
      Files.createDirectories(commands);
      Files.createSymbolicLink(commands.resolve("vault"), VaultBinary.find());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one, unsealed, with versioned secrets under {@code secret/} and others under kv1/. */
  public static TestVault start(Path folder) {
    String given = System.getenv("VAULT_ADDR");
    TestVault vault =
        given == null
            ? launched(folder)
            : new TestVault(folder, given, System.getenv("VAULT_TOKEN"));
    vault.mount("secret", "2");
    vault.mount("kv1", "1");
    Awaitility.await("secret/ of version 2")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> vault.put("secret/ready", Map.of("yes", "1")));
    return vault;
  }

  private static TestVault launched(Path folder) {
    TestVault vault = new TestVault(folder, "http://127.0.0.1:" + freePort(), "no token yet");
    vault.launch();
    JsonNode keys =
        vault.call("PUT", "sys/init", Map.of("secret_shares", 1, "secret_threshold", 1));
    vault.unsealKey = keys.path("keys").path(0).asText();
    vault.root = keys.path("root_token").asText();
    vault.unseal();
    return vault;
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mount(String path, String version) {
    if (!call("GET", "sys/mounts", Map.of()).path("data").has(path + "/")) {
      call(
          "POST",
          "sys/mounts/" + path,
          Map.of("type", "kv", "options", Map.of("version", version)));
    }
  }

  private void launch() {
    try {
      Files.createDirectories(folder);
      Path config = folder.resolve("vault.hcl");
      Files.writeString(
          config,
          """
          storage "file" { path = "%s" }
          listener "tcp" {
            address = "%s"
            tls_disable = true
          }
          disable_mlock = true
          api_addr = "%s"
          """
              .formatted(folder.resolve("storage"), address.replaceFirst("http://", ""), address));
      process =
          new ProcessBuilder(commands.resolve("vault").toString(), "server", "-config=" + config)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("vault.log").toFile()))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Awaitility.await("Vault")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> call("GET", "sys/seal-status", Map.of()).has("sealed"));
  }

  /** Its address. */
  public String address() {
    return address;
  }

  /** A folder with the command {@code vault}. */
  Path commands() {
    return commands;
  }

  /** Takes a way to log in away, with its roles. */
  public void disable(String method) {
    call("DELETE", "sys/auth/" + method, Map.of());
  }

  /** The token that may do everything. */
  public String rootToken() {
    return root;
  }

  /** Writes a secret of the versioned engine under {@code secret/}. */
  public void put(String path, Map<String, String> fields) {
    call("POST", path.replaceFirst("^secret/", "secret/data/"), Map.of("data", fields));
  }

  /** Asks as root; the answer, if there is one. */
  public JsonNode call(String method, String path, Map<String, ?> body) {
    return call(method, path, body, Map.of());
  }

  /**
   * Asks as root with further headers.
   *
   * @throws IllegalStateException with Vault's words if it refuses
   */
  public JsonNode call(
      String method, String path, Map<String, ?> body, Map<String, String> headers) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(address() + "/v1/" + path))
              .timeout(PATIENCE)
              .header("X-Vault-Token", root)
              .method(
                  method,
                  method.equals("GET")
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(JSON.writeValueAsString(body)));
      headers.forEach(request::header);
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() >= ERRORS) {
        throw new IllegalStateException(path + ": " + response.body());
      }
      return response.body().isBlank() ? MissingNode.getInstance() : JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Seals it: everything is refused with 503 until {@link #unseal}. */
  public void seal() {
    assumeOurs();
    call("PUT", "sys/seal", Map.of());
  }

  /** Unseals it. */
  public void unseal() {
    call("PUT", "sys/unseal", Map.of("key", unsealKey));
    Awaitility.await("an active Vault")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> call("GET", "sys/health", Map.of()).path("initialized").asBoolean());
  }

  /** Ends it at once; connections are refused. */
  public void kill() {
    assumeOurs();
    process.destroyForcibly();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("Vault does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void assumeOurs() {
    Assumptions.assumeTrue(process != null, "the Vault at VAULT_ADDR is not stopped or sealed");
  }

  /** Starts it again, unsealed, with all that it knew. */
  public void restart() {
    launch();
    unseal();
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }
}
