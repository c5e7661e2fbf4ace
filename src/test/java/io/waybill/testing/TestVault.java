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

/** A real Vault on a free loopback port, with its storage in files, so that it can be restarted. */
public final class TestVault implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ERRORS = 400;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final Path binary = VaultBinary.find();
  private final int port;
  private Process process;
  private String root = "";
  private String unsealKey = "";

  private TestVault(Path folder) {
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts one, unsealed, with versioned secrets under {@code secret/} and others under kv1/. */
  public static TestVault start(Path folder) {
    TestVault vault = new TestVault(folder);
    vault.launch();
    JsonNode keys =
        vault.call("PUT", "sys/init", Map.of("secret_shares", 1, "secret_threshold", 1));
    vault.unsealKey = keys.path("keys").path(0).asText();
    vault.root = keys.path("root_token").asText();
    vault.unseal();
    vault.call(
        "POST", "sys/mounts/secret", Map.of("type", "kv", "options", Map.of("version", "2")));
    vault.call("POST", "sys/mounts/kv1", Map.of("type", "kv", "options", Map.of("version", "1")));
    Awaitility.await("secret/ of version 2")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> vault.put("secret/ready", Map.of("yes", "1")));
    return vault;
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
            address = "127.0.0.1:%d"
            tls_disable = true
          }
          disable_mlock = true
          api_addr = "http://127.0.0.1:%d"
          """
              .formatted(folder.resolve("storage"), port, port));
      process =
          new ProcessBuilder(binary.toString(), "server", "-config=" + config)
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
    return "http://127.0.0.1:" + port;
  }

  /** The token that may do everything. */
  public String rootToken() {
    return root;
  }

  /** Writes a secret of the versioned engine under {@code secret/}. */
  public void put(String path, Map<String, String> fields) {
    call("POST", path.replaceFirst("^secret/", "secret/data/"), Map.of("data", fields));
  }

  /** A token with one policy, that may read these paths. */
  public void policy(String name, String... rules) {
    call("PUT", "sys/policies/acl/" + name, Map.of("policy", String.join("\n", rules)));
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

  /** Starts it again, unsealed, with all that it knew. */
  public void restart() {
    launch();
    unseal();
  }

  @Override
  public void close() {
    kill();
  }
}
