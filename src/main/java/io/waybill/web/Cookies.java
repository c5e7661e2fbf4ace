package io.waybill.web;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.util.function.IntSupplier;

/**
 * The cookies of a browser. Their names have the port in them, since browsers keep the cookies of a
 * host together whatever the port. No script reads them.
 */
final class Cookies {
  private static final long LOGIN_SECONDS = 600;
  private final IntSupplier port;
  private final boolean secure;

  /**
   * Cookies.
   *
   * @param secure whether browsers come by https
   */
  Cookies(IntSupplier port, boolean secure) {
    this.port = port;
    this.secure = secure;
  }

  /** Name of the one that a session is known by. */
  String session() {
    return "waybill-session-" + port.getAsInt();
  }

  /** Name of the one that a login is known by until it ends. */
  String login() {
    return "waybill-login-" + port.getAsInt();
  }

  /** Sent with nothing that another site's page begins. */
  void keep(RoutingContext context, String session) {
    context.response().addCookie(cookie(session(), session, "/", CookieSameSite.STRICT));
  }

  /** Sent when the provider sends the browser back, which is another site's doing. */
  void begin(RoutingContext context, String browser) {
    context
        .response()
        .addCookie(cookie(login(), browser, "/login", CookieSameSite.LAX).setMaxAge(LOGIN_SECONDS));
  }

  void forget(RoutingContext context) {
    context.response().addCookie(cookie(session(), "", "/", CookieSameSite.STRICT).setMaxAge(0));
  }

  void ended(RoutingContext context) {
    context.response().addCookie(cookie(login(), "", "/login", CookieSameSite.LAX).setMaxAge(0));
  }

  private Cookie cookie(String name, String value, String path, CookieSameSite site) {
    return Cookie.cookie(name, value)
        .setPath(path)
        .setHttpOnly(true)
        .setSecure(secure)
        .setSameSite(site);
  }
}
