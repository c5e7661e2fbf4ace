package io.waybill.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.identity.OidcSettings;
import io.waybill.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An OIDC provider that says what a test wants: discovery, keys, and a token endpoint. */
public final class StandInProvider implements AutoCloseable {
  /** The client that its tokens are meant for. */
  public static final String CLIENT = "waybill";

  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpServer server;
  private final List<RSAKey> keys = new ArrayList<>();
  private RSAKey current;

  /** How often keys were asked for. */
  public final AtomicInteger asked = new AtomicInteger();

  /** What the discovery document names. */
  public volatile String namedIssuer;

  /** Whether it answers at all. */
  public volatile boolean away;

  /** What the token endpoint answers, and with which status. */
  public volatile Map<String, Object> tokens = Map.of();

  /** Status of that answer. */
  public volatile int tokenStatus = 200;

  /** Whom a browser that comes to log in is taken for, and groups of that person. */
  private volatile List<String> person = List.of("anna");

  /** The form that the token endpoint was sent last. */
  public volatile String form = "";

  /** Starts one on a free port of this machine. */
  public StandInProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/.well-known/openid-configuration", this::discovery);
    server.createContext(
        "/keys",
        exchange -> {
          asked.incrementAndGet();
          answer(exchange, 200, new JWKSet(List.copyOf(keys)).toString());
        });
    server.createContext("/authorize", this::authorize);
    server.createContext(
        "/token",
        exchange -> {
          form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          answer(exchange, tokenStatus, json(tokens));
        });
    server.start();
    namedIssuer = issuer();
    addKey();
  }

  private void discovery(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        200,
        json(
            Map.of(
                "issuer", namedIssuer,
                "jwks_uri", issuer() + "/keys",
                "authorization_endpoint", issuer() + "/authorize",
                "token_endpoint", issuer() + "/token",
                "end_session_endpoint", issuer() + "/logout")));
  }

  /** Sends a browser back with a code, for which its person's token is given then. */
  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> query =
        Arrays.stream(exchange.getRequestURI().getRawQuery().split("&", -1))
            .map(part -> part.split("=", 2))
            .collect(
                Collectors.toMap(
                    part -> part[0], part -> URLDecoder.decode(part[1], StandardCharsets.UTF_8)));
    Instant now = Instant.now();
    String name = person.get(0);
    List<String> groups = person.subList(1, person.size());
    tokens =
        Map.of(
            "access_token",
            "opaque",
            "id_token",
            token(
                now,
                claims ->
                    of(claims, name, groups)
                        .claim("nonce", query.get("nonce"))
                        .expirationTime(Date.from(now.plus(Duration.ofHours(1))))));
    try (exchange) {
      exchange
          .getResponseHeaders()
          .set("Location", query.get("redirect_uri") + "?code=a-code&state=" + query.get("state"));
      exchange.sendResponseHeaders(303, -1);
    }
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(away ? 503 : status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Who issues its tokens. */
  public String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Publishes one more key, which signs from now on. */
  public void addKey() {
    current = makeKey();
    keys.add(current.toPublicJWK());
  }

  /** A key that nobody publishes. */
  public static RSAKey makeKey() {
    try {
      return new RSAKeyGenerator(2048)
          .keyUse(KeyUse.SIGNATURE)
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key that signs. */
  public RSAKey key() {
    return current;
  }

  /** How Waybill is told of it. */
  public OidcSettings settings() {
    return new OidcSettings(
        issuer(),
        List.of(CLIENT),
        CLIENT,
        Secret.none(),
        CLIENT,
        "openid",
        "preferred_username",
        Duration.ofSeconds(30),
        Optional.empty());
  }

  /** Claims of a token that is good at this time. */
  public JWTClaimsSet.Builder claims(Instant now) {
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .audience(CLIENT)
        .subject("4711")
        .claim("preferred_username", "anna")
        .claim("groups", List.of("developers"))
        .claim("realm_access", Map.of("roles", List.of("loader")))
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  /** A token that is good at this time, but for what is changed. */
  public String token(Instant now, UnaryOperator<JWTClaimsSet.Builder> change) {
    return signed(current, new JWSHeader.Builder(JWSAlgorithm.RS256), change.apply(claims(now)));
  }

  /** A token of somebody in these groups, good for five minutes. */
  public String tokenOf(String name, String... groups) {
    return token(Instant.now(), claims -> of(claims, name, List.of(groups)));
  }

  private static JWTClaimsSet.Builder of(
      JWTClaimsSet.Builder claims, String name, List<String> groups) {
    return claims
        .subject("id of " + name)
        .claim("preferred_username", name)
        .claim("groups", groups);
  }

  /** Logs every browser that comes from now on in as this person, without a question. */
  public void logsIn(String name, String... groups) {
    person = Stream.concat(Stream.of(name), Arrays.stream(groups)).toList();
  }

  /** A token with these claims, by any key. */
  public static String signed(RSAKey key, JWSHeader.Builder header, JWTClaimsSet.Builder claims) {
    try {
      SignedJWT jwt = new SignedJWT(header.keyID(key.getKeyID()).build(), claims.build());
      jwt.sign(new RSASSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
