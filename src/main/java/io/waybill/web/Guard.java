package io.waybill.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.waybill.web.Problem.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask. Pages of other sites are kept out in every case: by the name that they know this
 * host by, by their origin, and since what is written must be JSON, which no form can send.
 */
final class Guard {
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Set<String> PROBES = Set.of("/health/live", "/health/ready");
  private static final String BEARER = "Bearer ";
  private final Optional<byte[]> token;

  Guard(Optional<String> token) {
    this.token = token.map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** Keeps pages of other sites out. */
  void site(RoutingContext context) {
    HttpServerRequest request = context.request();
    String host = request.getHeader(HttpHeaders.HOST);
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    // with a token a name is no way in: no browser sends it by itself
    if (token.isEmpty() && !isLocal(host)) {
      Answering.problem(
          context,
          Kind.FOREIGN_HOST,
          "without a token only this machine is served, by the name localhost or 127.0.0.1",
          "set waybill.management.token-file to be reached by another name");
    } else if (isForeign(origin, host)) {
      Answering.problem(
          context,
          Kind.FOREIGN_ORIGIN,
          "a page of another site cannot ask here",
          "ask without a browser, or from the dashboard");
    } else if (!READING.contains(request.method()) && !isJson(request)) {
      Answering.problem(
          context,
          Kind.JSON_REQUIRED,
          "the content type is not application/json",
          "send Content-Type: application/json");
    } else {
      context.next();
    }
  }

  /** Lets those pass who have the token; whether it lives and is ready everybody may know. */
  void token(RoutingContext context) {
    String given = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (token.isEmpty()
        || PROBES.contains(context.normalizedPath())
        || (given != null && matches(given, token.get()))) {
      context.next();
      return;
    }
    Answering.problem(
        context,
        Kind.TOKEN_REQUIRED,
        given == null ? "the request has no token" : "the token is not the right one",
        "send Authorization: Bearer with the token of waybill.management.token-file");
  }

  /** Takes as long whatever is wrong with it. */
  private static boolean matches(String given, byte[] token) {
    return given.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && MessageDigest.isEqual(
            given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8), token);
  }

  private static boolean isLocal(String host) {
    return host != null && LOCAL.contains(host.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", ""));
  }

  private static boolean isForeign(String origin, String host) {
    return origin != null
        && (host == null
            || !origin.toLowerCase(Locale.ROOT).matches("https?://.+")
            || !origin.replaceFirst("(?i)^https?://", "").equalsIgnoreCase(host));
  }

  private static boolean isJson(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).matches("application/json(\\s*;.*)?");
  }
}
