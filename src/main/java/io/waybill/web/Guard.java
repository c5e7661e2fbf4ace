package io.waybill.web;

import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.waybill.control.Authentication;
import io.waybill.control.Caller;
import io.waybill.control.UnauthenticatedException;
import io.waybill.web.Problem.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who asks. Pages of other sites are kept out in every case: by the name that they know this host
 * by, by their origin, and since what is written must be JSON, which no form can send; orders of a
 * session must bring what only its own pages know.
 */
final class Guard {
  /** What orders of a session must bring. */
  static final String CSRF = "X-Waybill-Csrf";

  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
  private static final String CALLER = "waybill-caller";
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Set<String> PROBES = Set.of("/health/live", "/health/ready");
  private static final String BEARER = "Bearer ";
  private final Authentication authentication;
  private final Cookies cookies;
  private final WorkerExecutor asking;

  /**
   * A guard.
   *
   * @param asking where a provider is waited for, so that nothing else waits with it
   */
  Guard(Authentication authentication, Cookies cookies, WorkerExecutor asking) {
    this.authentication = authentication;
    this.cookies = cookies;
    this.asking = asking;
  }

  /** Who asks; not before {@link #who} has found out. */
  static Caller caller(RoutingContext context) {
    return context.get(CALLER);
  }

  /** Keeps pages of other sites out, and bodies whose end is told in two ways. */
  void site(RoutingContext context) {
    HttpServerRequest request = context.request();
    String host = request.getHeader(HttpHeaders.HOST);
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      Answering.lastProblem(
          context,
          Kind.LENGTH_REQUIRED,
          "the body comes in chunks, whose end a proxy may see elsewhere",
          "send Content-Length and no Transfer-Encoding");
    } else if (authentication.anybody().isPresent() && !isLocal(host)) {
      // where everybody shows who he is a name is no way in: no browser does that by itself
      Answering.problem(
          context,
          Kind.FOREIGN_HOST,
          "without a token only this machine is served, by the name localhost or 127.0.0.1",
          "set waybill.management.token-file or waybill.identity.* to be reached by another name");
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

  /** Finds out who asks; whether it lives and is ready everybody may know. */
  void who(RoutingContext context) {
    HttpServerRequest request = context.request();
    String shown = request.getHeader(HttpHeaders.AUTHORIZATION);
    Cookie session = request.getCookie(cookies.session());
    if (PROBES.contains(context.normalizedPath())) {
      known(context, Caller.ANYBODY);
    } else if (shown != null) {
      ofToken(context, shown);
    } else if (session != null) {
      String id = session.getValue();
      found(context, () -> authentication.ofSession(id));
    } else {
      Optional<Caller> anybody = authentication.anybody();
      if (anybody.isPresent()) {
        known(context, anybody.get());
      } else {
        refuse(context, nobody());
      }
    }
  }

  private void ofToken(RoutingContext context, String shown) {
    if (!shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      refuse(
          context,
          UnauthenticatedException.refused(
              "the header Authorization is no bearer token", "send Authorization: Bearer TOKEN"));
      return;
    }
    Optional<Caller> anybody = authentication.anybody();
    String token = shown.substring(BEARER.length()).strip();
    if (anybody.isPresent()) {
      known(context, anybody.get());
    } else {
      found(context, () -> authentication.ofToken(token));
    }
  }

  private UnauthenticatedException nobody() {
    Authentication.Ways ways = authentication.ways();
    if (!ways.tokens()) {
      return UnauthenticatedException.refused(
          "there is a policy.yaml, and no way to say who you are",
          "set waybill.identity.oidc.issuer, waybill.identity.tokens-vault-kv or"
              + " waybill.management.token-file, and restart");
    }
    return UnauthenticatedException.refused(
        "the request does not say who asks",
        ways.logins()
            ? "log in at /login, or send Authorization: Bearer with a token"
            : "send Authorization: Bearer with a token");
  }

  /** The body waits until it is known who sends it. */
  private void found(RoutingContext context, Callable<Caller> question) {
    context.request().pause();
    var unused =
        asking
            .executeBlocking(question, false)
            .onComplete(
                answer -> {
                  context.request().resume();
                  if (answer.succeeded()) {
                    known(context, answer.result());
                  } else if (answer.cause() instanceof UnauthenticatedException e) {
                    refuse(context, e);
                  } else {
                    context.fail(answer.cause());
                  }
                });
  }

  private void known(RoutingContext context, Caller caller) {
    boolean forged =
        caller.session().isPresent()
            && !READING.contains(context.request().method())
            && !caller.csrf().equals(context.request().getHeader(CSRF));
    if (forged) {
      Answering.problem(
          context,
          Kind.FORGERY,
          "an order of a browser's session must bring the header " + CSRF,
          "reload the dashboard; /api/v1/me tells the value");
      return;
    }
    context.put(CALLER, caller);
    context.next();
  }

  private void refuse(RoutingContext context, UnauthenticatedException why) {
    if (why.isAway()) {
      LOG.warn("who asks cannot be told: {}", why.getMessage());
    }
    if (context.request().getCookie(cookies.session()) != null && !why.isAway()) {
      cookies.forget(context);
    }
    Answering.problem(
        context,
        why.isAway() ? Kind.IDENTITY_AWAY : Kind.UNAUTHENTICATED,
        why.getMessage(),
        why.remedy());
  }

  static boolean isLocal(String host) {
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
