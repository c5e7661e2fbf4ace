package io.waybill.web;

import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waybill.control.Authentication;
import io.waybill.control.UnauthenticatedException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets people log in and out by a browser. The code that the provider gives is exchanged here, so
 * that the page never has a token, and asks nobody but this server.
 */
final class Logins {
  private static final String HTML = "text/html; charset=utf-8";
  private final Authentication authentication;
  private final Cookies cookies;
  private final Optional<String> publicUrl;
  private final Supplier<String> url;
  private final WorkerExecutor asking;

  /**
   * Logins.
   *
   * @param publicUrl how browsers reach this server, if not by its address
   * @param url its address
   */
  Logins(
      Authentication authentication,
      Cookies cookies,
      Optional<String> publicUrl,
      Supplier<String> url,
      WorkerExecutor asking) {
    this.authentication = authentication;
    this.cookies = cookies;
    this.publicUrl = publicUrl;
    this.url = url;
    this.asking = asking;
  }

  /** What is open to all, since it is how somebody says who he is. */
  void mountOpen(Router router) {
    router.get("/login").handler(this::begin);
    router.get("/login/callback").handler(this::back);
    router.get("/login/ways").handler(this::ways);
  }

  /** What is behind the guard. */
  void mountGuarded(Router router) {
    router.post("/logout").handler(this::logout);
  }

  private void ways(RoutingContext context) {
    Authentication.Ways ways = authentication.ways();
    Answering.send(
        context,
        200,
        Answering.JSON,
        Answering.json(Map.of("tokens", ways.tokens(), "logins", ways.logins())));
  }

  /** By the name that the browser knows this machine by, which no other site chooses. */
  private String base(RoutingContext context) {
    String host = context.request().getHeader(HttpHeaders.HOST);
    return publicUrl.orElseGet(() -> Guard.isLocal(host) ? "http://" + host + "/" : url.get());
  }

  private void begin(RoutingContext context) {
    String redirect = base(context) + "login/callback";
    var unused =
        asking
            .executeBlocking(() -> authentication.begin(redirect), false)
            .onSuccess(
                begun -> {
                  cookies.begin(context, begun.browser());
                  to(context, begun.location().toString());
                })
            .onFailure(cause -> failed(context, cause));
  }

  private void back(RoutingContext context) {
    Cookie browser = context.request().getCookie(cookies.login());
    String state = param(context, "state");
    String code = param(context, "code");
    String error = param(context, "error");
    cookies.ended(context);
    if (!error.isEmpty()) {
      // what a provider writes of it is not repeated to a browser
      page(context, 403, "The provider did not log you in.");
      return;
    }
    if (browser == null || state.isEmpty() || code.isEmpty()) {
      page(context, 400, "This login was not begun by this browser, or it took too long.");
      return;
    }
    String shown = browser.getValue();
    var unused =
        asking
            .executeBlocking(() -> authentication.finish(state, code, shown), false)
            .onSuccess(
                session -> {
                  cookies.keep(context, session);
                  to(context, base(context));
                })
            .onFailure(cause -> failed(context, cause));
  }

  private static String param(RoutingContext context, String name) {
    return Optional.ofNullable(context.queryParams().get(name)).orElse("");
  }

  private void logout(RoutingContext context) {
    String back = base(context);
    var unused =
        asking
            .executeBlocking(() -> authentication.logout(Guard.caller(context), back), false)
            .onSuccess(
                place -> {
                  cookies.forget(context);
                  Answering.send(
                      context,
                      200,
                      Answering.JSON,
                      Answering.json(Map.of("location", place.map(URI::toString).orElse(back))));
                })
            .onFailure(context::fail);
  }

  private static void to(RoutingContext context, String place) {
    var unused = context.response().setStatusCode(303).putHeader(HttpHeaders.LOCATION, place).end();
  }

  private static void failed(RoutingContext context, Throwable cause) {
    if (cause instanceof UnauthenticatedException e) {
      page(context, e.isAway() ? 503 : 403, e.getMessage() + ". " + e.remedy());
    } else {
      context.fail(cause);
    }
  }

  /** For people: a login is no request of a program. */
  private static void page(RoutingContext context, int status, String text) {
    String html =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Waybill: login</title>
        <link rel="stylesheet" href="../app.css"><main class="page"><h1>Not logged in</h1>
        <p>%s</p><p><a href="/">To the dashboard</a></p></main></html>
        """
            .formatted(escaped(text));
    Answering.send(context, status, HTML, html.getBytes(StandardCharsets.UTF_8));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
