package io.waybill.camel.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/** The server, once it is needed. Thread-safe. */
final class HttpServer {
  private final CamelContext context;
  private final HttpLimits limits;
  private VertxPlatformHttpRouter router;

  HttpServer(CamelContext context, HttpLimits limits) {
    this.context = context;
    this.limits = limits;
  }

  synchronized VertxPlatformHttpRouter router() throws IOException {
    if (router == null) {
      MainHttpServer camels = context.hasService(MainHttpServer.class);
      router = camels == null ? start() : camels.getRouter();
    }
    return router;
  }

  synchronized int port() {
    return router == null ? limits.port() : router.getServer().getPort();
  }

  private VertxPlatformHttpRouter start() throws IOException {
    requireFreePort(limits.host(), limits.port());
    VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setBindHost(limits.host());
    configuration.setBindPort(limits.port());
    try {
      context.addService(new VertxPlatformHttpServer(configuration), true, true);
    } catch (Exception e) {
      throw new IOException("the HTTP server cannot be started: " + e.getMessage(), e);
    }
    return VertxPlatformHttpRouter.lookup(
        context, VertxPlatformHttpRouter.getRouterNameFromPort(limits.port()));
  }

  /** Camel's server only warns of a port that is taken, and then serves nobody. */
  private static void requireFreePort(String host, int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new IOException(
          "%s:%d cannot be listened at: %s".formatted(host, port, e.getMessage()), e);
    }
  }
}
