package io.waybill.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waybill.control.Authentication;
import io.waybill.delivery.LedgerException;
import io.waybill.web.Problem.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management port. It listens from {@link #start} to {@link #close}; what it answers is hung on
 * by {@link #page} and {@link #api}, also while it serves. Nothing is read on its event loop.
 * Thread-safe.
 */
public final class ManagementServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
  private static final int WORKERS = 4;
  private static final long PATIENCE_SECONDS = 10;
  private static final int MAX_HEADERS = 24 * 1024;
  private static final int IDLE_SECONDS = 60;
  private static final long HEAD_MILLIS = 10_000;
  private static final long IDLE_MILLIS = 60_000;
  private static final long BODY_MILLIS = 30_000;
  private static final int ASKING = 4;

  /** What every answer says to browsers: nothing from elsewhere is loaded, framed or guessed. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Vertx vertx;
  private final Router router;
  private final HttpServer server;
  private final String host;
  private final Authentication authentication;
  private final Patience patience;
  private volatile Api api;

  private ManagementServer(Vertx vertx, ManagementSettings settings) throws ManagementException {
    this.vertx = vertx;
    this.host = settings.host();
    this.router = Router.router(vertx);
    this.authentication = settings.authentication();
    this.patience = new Patience(vertx, HEAD_MILLIS, IDLE_MILLIS, BODY_MILLIS);
    WorkerExecutor asking = vertx.createSharedWorkerExecutor("waybill-identity", ASKING);
    Cookies cookies =
        new Cookies(
            this::port, settings.publicUrl().filter(it -> it.startsWith("https:")).isPresent());
    Guard guard = new Guard(authentication, cookies, asking);
    Logins logins = new Logins(authentication, cookies, settings.publicUrl(), this::url, asking);
    router.route().handler(patience::asked);
    router.route().handler(ManagementServer::harden);
    router.route().handler(guard::site);
    router.get().handler(new Assets());
    logins.mountOpen(router);
    router.route().handler(guard::who);
    logins.mountGuarded(router);
    mountErrors();
    this.server = listen(settings);
  }

  private void mountErrors() {
    router.errorHandler(404, ManagementServer::notFound);
    router.errorHandler(405, ManagementServer::notAllowed);
    router.errorHandler(413, ManagementServer::tooLarge);
    router.errorHandler(400, ManagementServer::malformed);
    router.errorHandler(500, ManagementServer::failed);
    router.route("/api/v1/*").order(Integer.MAX_VALUE - 1).handler(this::starting);
  }

  /**
   * Begins to listen.
   *
   * @throws ManagementException if it must not, or cannot
   */
  public static ManagementServer start(ManagementSettings settings) throws ManagementException {
    requireIdentity(settings);
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    try {
      return new ManagementServer(vertx, settings);
    } catch (ManagementException | RuntimeException e) {
      closed(vertx);
      throw e;
    }
  }

  private static void requireIdentity(ManagementSettings settings) throws ManagementException {
    try {
      if (!settings.authentication().ways().tokens()
          && !InetAddress.getByName(settings.host()).isLoopbackAddress()) {
        throw new ManagementException(
            "waybill.management.host is %s, which others can reach, and nobody would be asked who he"
                    .formatted(settings.host())
                + " is; set waybill.management.token-file or waybill.identity.oidc.issuer, or listen"
                + " at 127.0.0.1");
      }
    } catch (UnknownHostException e) {
      throw new ManagementException(
          "waybill.management.host: there is no host " + settings.host(), e);
    }
  }

  private HttpServer listen(ManagementSettings settings) throws ManagementException {
    try {
      return listen(settings.port());
    } catch (ManagementException e) {
      if (settings.asked() || settings.port() == 0) {
        throw e;
      }
      LOG.warn(
          "{}; taking a free port instead, since waybill.management.port is not set",
          e.getMessage());
      return listen(0);
    }
  }

  private HttpServer listen(int port) throws ManagementException {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            .setReuseAddress(true)
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(MAX_HEADERS)
            .setIdleTimeout(IDLE_SECONDS)
            .setCompressionSupported(false);
    try {
      return vertx
          .createHttpServer(options)
          .connectionHandler(patience::connected)
          .requestHandler(router)
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new ManagementException(
          "the management port %s:%d cannot be listened at (%s); set waybill.management.port to one"
                  .formatted(host, port, e.getCause().getMessage())
              + " that is free, to 0 for any free one, or to off for none",
          e);
    } catch (TimeoutException e) {
      throw new ManagementException("the management port does not open", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ManagementException("interrupted", e);
    }
  }

  private int port() {
    return server.actualPort();
  }

  /** Where it is, with a slash at the end. */
  public String url() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return "http://%s:%d/".formatted(name, server.actualPort());
  }

  /** Answers GET at this path, to whoever is let in. */
  public void page(String path, Page page) {
    router
        .get(path)
        .blockingHandler(
            context -> {
              Page.Reply reply = page.get();
              Answering.send(
                  context,
                  reply.status(),
                  reply.type(),
                  reply.body().getBytes(StandardCharsets.UTF_8));
            },
            false);
  }

  /** Answers at {@code /api/v1}. */
  public void api(Desk desk) {
    api = new Api(desk, authentication);
    api.mount(vertx, router);
  }

  private static void harden(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Vary", "Authorization, Cookie")
        .putHeader("Cache-Control", "no-cache, private");
    context.next();
  }

  private void starting(RoutingContext context) {
    if (api == null) {
      Answering.problem(context, Kind.STARTING, "the flows are being loaded", "ask again soon");
    } else {
      context.next();
    }
  }

  private static void notFound(RoutingContext context) {
    Answering.problem(
        context,
        Kind.NOT_FOUND,
        "nothing is answered at this path",
        "/api/v1/openapi.json tells what is");
  }

  private static void notAllowed(RoutingContext context) {
    Answering.problem(
        context,
        Kind.METHOD_NOT_ALLOWED,
        context.request().method() + " is not answered at this path",
        "/api/v1/openapi.json tells what is");
  }

  private static void tooLarge(RoutingContext context) {
    Answering.problem(
        context,
        Kind.BODY_TOO_LARGE,
        "the body has more than " + Api.MAX_BODY + " bytes",
        "send less at a time");
  }

  private static void malformed(RoutingContext context) {
    Answering.problem(
        context, Kind.BAD_REQUEST, "the request is no HTTP that can be read", "look at the client");
  }

  /** What a handler threw. */
  static void failed(RoutingContext context) {
    Throwable cause = context.failure();
    if (cause instanceof ProblemException e) {
      Answering.problem(context, e.problem());
    } else if (cause instanceof LedgerException e) {
      Answering.problem(context, Kind.LEDGER_AWAY, e.getMessage(), "see docs/operations.md#ledger");
    } else {
      LOG.error("a management request failed: {}", context.request().path(), cause);
      Answering.problem(
          context, Kind.FAILED, "an unforeseen failure", "data/log/waybill.log has its trace");
    }
  }

  private static void closed(Vertx vertx) {
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the management port was not closed cleanly: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends all connections. */
  @Override
  public void close() {
    Api ended = api;
    if (ended != null) {
      ended.close();
    }
    closed(vertx);
  }
}
