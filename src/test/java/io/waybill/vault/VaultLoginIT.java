package io.waybill.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.secret.CredentialsException;
import io.waybill.testing.Recipe;
import io.waybill.testing.TestKeycloak;
import io.waybill.testing.TestVault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to log in, at a real Vault, as docs/security.md shows it. */
class VaultLoginIT {
  private static final String PREFIX = "waybill.vault.";
  @TempDir static Path home;
  private static TestVault server;
  @TempDir Path folder;
  private Vault vault;

  @BeforeAll
  static void start() {
    server = TestVault.start(home);
    Recipe.of("What the login may do").run(server);
    server.put("secret/clickhouse", Map.of("username", "loader", "password", "sesame-open"));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void none() {
    vault = null;
  }

  @AfterEach
  void close() {
    if (vault != null) {
      vault.close();
    }
  }

  private Vault login(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("address", server.address());
    vault = new Vault(new VaultSettings(all, Duration.ofMillis(100)));
    return vault;
  }

  private static String password(Vault at) {
    return at.secret("secret/clickhouse", "").field("password").reveal();
  }

  private String file(String name, String content) {
    try {
      Path file = folder.resolve(name);
      Files.writeString(file, content);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String token(String ttl) {
    return server
        .call("POST", "auth/token/create", Map.of("policies", "loader", "ttl", ttl))
        .path("auth")
        .path("client_token")
        .asText();
  }

  @Test
  void byTokenOutOfAFileThatAnAgentKeepsFresh() throws IOException {
    String path = folder.resolve("token").toString();
    Recipe recipe = Recipe.of("token").with("/run/waybill/token", path);
    recipe.run(server);
    login(recipe.settings(PREFIX));
    assertThat(password(vault)).isEqualTo("sesame-open");

    server.call("POST", "auth/token/revoke", Map.of("token", Files.readString(Path.of(path))));
    Files.writeString(Path.of(path), token("1h"));
    assertThat(password(vault)).isEqualTo("sesame-open");
  }

  @Test
  void aFileThatOthersCanReadIsRefused() throws IOException {
    String path = file("token", token("1h"));
    Files.setPosixFilePermissions(Path.of(path), PosixFilePermissions.fromString("rw-r--r--"));
    login(Map.of("auth", "token", "token-file", path));
    assertThatThrownBy(() -> password(vault))
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("others can read");
  }

  @Test
  void aTokenIsRenewedAndOutlivesItsFirstLife() {
    login(Map.of("auth", "token", "token", token("3s")));
    vault.login();
    Instant first = vault.status().expires().orElseThrow();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Instant.now().isAfter(first.plusSeconds(1)));
    assertThat(password(vault)).isEqualTo("sesame-open");
    assertThat(vault.status().trouble()).isEmpty();
  }

  private Recipe appRole() {
    server.disable("approle");
    Recipe recipe =
        Recipe.of("approle")
            .with("token_ttl=20m", "token_ttl=2s")
            .with("token_max_ttl=1h", "token_max_ttl=5s")
            .with("/run/waybill/secret-id", folder.resolve("secret-id").toString());
    String roleId = recipe.run(server).lines().reduce((before, last) -> last).orElseThrow();
    return recipe.with("what the third command printed", roleId);
  }

  @Test
  void byAppRoleBeyondTheLongestLifeOfItsToken() {
    login(appRole().settings(PREFIX));
    Instant began = Instant.now();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              assertThat(password(vault)).isEqualTo("sesame-open");
              return Instant.now().isAfter(began.plusSeconds(7));
            });
    assertThat(vault.status().trouble()).isEmpty();
  }

  @Test
  void byAWrappedSecretIdThatIsOpenedOnce() throws IOException {
    Path file = folder.resolve("secret-id");
    Recipe recipe =
        Recipe.of("approle, wrapped")
            .with("/run/waybill/secret-id", file.toString())
            .with("what the third command printed", appRole().settings(PREFIX).get("role-id"));
    recipe.run(server);
    String wrapping = Files.readString(file);
    Map<String, String> settings = recipe.settings(PREFIX);
    login(settings);
    assertThat(password(vault)).isEqualTo("sesame-open");

    Map<String, String> thief = new HashMap<>(settings);
    thief.put("address", server.address());
    try (Vault second = new Vault(new VaultSettings(thief, Duration.ofSeconds(1)))) {
      assertThatThrownBy(() -> password(second))
          .hasMessageContaining("somebody else opened it first")
          .hasMessageNotContaining(wrapping);
    }
    // the secret id is known by now: a new login needs no wrapping token
    Instant began = Instant.now();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Instant.now().isAfter(began.plusSeconds(6)));
    assertThat(password(vault)).isEqualTo("sesame-open");
  }

  @Test
  void byAJwtThatAKeyOfOursSigned() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----";
    Recipe recipe =
        Recipe.of("jwt")
            .with("issuer.pem", file("issuer.pem", pem))
            .with("/run/waybill/jwt", file("jwt", jwt(keys)));
    server.disable("jwt");
    recipe.run(server);
    login(recipe.settings(PREFIX));
    assertThat(password(vault)).isEqualTo("sesame-open");
  }

  private static String jwt(KeyPair keys) throws Exception {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String header =
        base64.encodeToString(
            "{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
    long now = Instant.now().getEpochSecond();
    String claims =
        base64.encodeToString(
            "{\"sub\":\"flow-machine\",\"aud\":\"waybill\",\"iat\":%d,\"exp\":%d}"
                .formatted(now, now + 600)
                .getBytes(StandardCharsets.UTF_8));
    Signature rsa = Signature.getInstance("SHA256withRSA");
    rsa.initSign(keys.getPrivate());
    rsa.update((header + "." + claims).getBytes(StandardCharsets.UTF_8));
    return header + "." + claims + "." + base64.encodeToString(rsa.sign());
  }

  @Test
  void byATokenOfAnOidcProvider() {
    try (TestKeycloak keycloak = TestKeycloak.start(folder.resolve("keycloak"))) {
      Recipe recipe =
          Recipe.of("oidc")
              .with("https://keycloak/realms/enterprise", keycloak.issuer())
              .with("/run/waybill/client-secret", file("secret", TestKeycloak.CLIENT_SECRET));
      server.disable("oidc");
      recipe.run(server);
      Map<String, String> settings = recipe.settings(PREFIX);
      assertThat(settings)
          .containsEntry("oidc-token-url", keycloak.tokenUrl())
          .containsEntry("oidc-client-id", TestKeycloak.CLIENT);
      login(settings);
      assertThat(password(vault)).isEqualTo("sesame-open");

      Map<String, String> wrong = new HashMap<>(settings);
      wrong.put("address", server.address());
      wrong.put("oidc-client-secret-file", file("wrong-secret", "a-wrong-secret"));
      try (Vault stranger = new Vault(new VaultSettings(wrong, Duration.ofSeconds(1)))) {
        assertThatThrownBy(() -> password(stranger))
            .isInstanceOf(CredentialsException.class)
            .hasMessageContaining("gives no token: HTTP 401")
            .hasMessageNotContaining("a-wrong-secret");
      }
    }
  }

  /** In place of a cluster's API server stands one that reviews every token well. */
  @Test
  void byTheTokenOfAKubernetesServiceAccount() throws Exception {
    AtomicReference<String> reviewed = new AtomicReference<>("");
    HttpServer cluster =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cluster.createContext(
        "/",
        exchange -> {
          reviewed.set(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          answer(
              exchange,
              """
              {"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","status":{"authenticated":true,
              "user":{"username":"system:serviceaccount:etl:waybill","uid":"1","groups":["system:serviceaccounts"]}}}""");
        });
    cluster.start();
    try {
      KeyPair keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
      server.disable("kubernetes");
      Recipe recipe =
          Recipe.of("kubernetes")
              .with(
                  "https://kubernetes.default.svc",
                  "http://127.0.0.1:%d disable_local_ca_jwt=true token_reviewer_jwt=%s"
                      .formatted(cluster.getAddress().getPort(), jwt(keys)));
      recipe.run(server);
      Map<String, String> settings = recipe.settings(PREFIX);
      settings.put("kubernetes-token-file", file("k8s", serviceAccountJwt(keys)));
      login(settings);
      assertThat(password(vault)).isEqualTo("sesame-open");
      assertThat(reviewed.get()).contains("\"token\"");
    } finally {
      cluster.stop(0);
    }
  }

  private static String serviceAccountJwt(KeyPair keys) throws Exception {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String header =
        base64.encodeToString(
            "{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
    long now = Instant.now().getEpochSecond();
    String claims =
        base64.encodeToString(
            """
            {"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:etl:waybill","iat":%d,"exp":%d,
            "kubernetes.io":{"namespace":"etl","serviceaccount":{"name":"waybill","uid":"1"}}}"""
                .formatted(now, now + 600)
                .getBytes(StandardCharsets.UTF_8));
    Signature rsa = Signature.getInstance("SHA256withRSA");
    rsa.initSign(keys.getPrivate());
    rsa.update((header + "." + claims).getBytes(StandardCharsets.UTF_8));
    return header + "." + claims + "." + base64.encodeToString(rsa.sign());
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** In place of AWS's STS stands one that knows whoever asks. */
  @Test
  void byAnIdentityOfAws() throws Exception {
    HttpServer sts =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    sts.createContext(
        "/",
        exchange -> {
          byte[] body =
              """
              <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
              <Arn>arn:aws:sts::123456789012:assumed-role/loader/waybill</Arn><UserId>AROAEXAMPLE:waybill</UserId><Account>123456789012</Account>
              </GetCallerIdentityResult></GetCallerIdentityResponse>"""
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/xml");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    sts.start();
    System.setProperty("aws.accessKeyId", "AKIAEXAMPLEKEY");
    System.setProperty("aws.secretAccessKey", "an-aws-secret-key");
    try {
      server.disable("aws");
      Recipe recipe =
          Recipe.of("aws-iam")
              .with("policies=loader", "policies=loader resolve_aws_unique_ids=false");
      recipe.run(server);
      server.call(
          "POST",
          "auth/aws/config/client",
          Map.of(
              "sts_endpoint",
              "http://127.0.0.1:" + sts.getAddress().getPort() + "/sts",
              "sts_region",
              "eu-central-1"));
      login(recipe.settings(PREFIX));
      assertThat(password(vault)).isEqualTo("sesame-open");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
      sts.stop(0);
    }
  }

  @Test
  void whatThePolicyDeniesAndWhatIsNotThereIsNamed() {
    server.call("POST", "kv1/old", Map.of("password", "from-kv1"));
    login(Map.of("auth", "token", "token", token("1h")));
    assertThatThrownBy(() -> vault.secret("kv1/old", ""))
        .isInstanceOf(CredentialsException.class)
        .hasMessage("Vault does not permit: secret kv1/old");
    assertThatThrownBy(() -> vault.secret("secret/nothing", ""))
        .hasMessage("Vault has nothing for: secret secret/nothing");
    assertThatThrownBy(() -> vault.secret("secret/clickhouse", "").field("pasword"))
        .hasMessage("the secret secret/clickhouse in Vault has no field pasword");
  }

  @Test
  void bothVersionsOfTheEngineAreRead() {
    server.call("POST", "kv1/old", Map.of("password", "from-kv1"));
    server.put("secret/versioned", Map.of("password", "first"));
    server.put("secret/versioned", Map.of("password", "second"));
    login(Map.of("auth", "token", "token", server.rootToken()));
    assertThat(vault.secret("kv1/old", "").field("password").reveal()).isEqualTo("from-kv1");
    assertThat(vault.secret("secret/versioned", "").field("password").reveal()).isEqualTo("second");
    assertThat(vault.secret("secret/versioned", "1").field("password").reveal()).isEqualTo("first");
  }

  @Test
  void aVaultThatIsSealedOrGoneIsToldAndComesBack() {
    login(Map.of("auth", "token", "token", token("1h")));
    assertThat(password(vault)).isEqualTo("sesame-open");
    server.seal();
    assertThatThrownBy(() -> password(vault)).hasMessageStartingWith("Vault is sealed");
    server.unseal();
    server.kill();
    assertThatThrownBy(() -> password(vault)).hasMessageStartingWith("Vault does not answer");
    server.restart();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> password(vault).equals("sesame-open"));
  }
}
