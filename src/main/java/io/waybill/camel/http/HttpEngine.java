package io.waybill.camel.http;

import io.vertx.ext.web.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * Serves {@code platform-http:}. The server is started with the first route that needs one, or is
 * Camel's own if {@code camel.server.enabled} says so. Thread-safe.
 */
public final class HttpEngine implements PlatformHttpEngine {
  private final HttpServer server;
  private final HttpLimits limits;
  private final HttpFlows flows;
  private final Map<String, Route> held = new ConcurrentHashMap<>();

  public HttpEngine(CamelContext context, HttpLimits limits, HttpFlows flows) {
    this.server = new HttpServer(context, limits);
    this.limits = limits;
    this.flows = flows;
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    return new HttpConsumer(endpoint, processor, this);
  }

  /** What takes the requests of a route that is being started. */
  PlatformHttpConsumer consumer(PlatformHttpEndpoint endpoint, Processor processor, String route)
      throws IOException {
    VertxPlatformHttpRouter router = server.router();
    if (!flows.isFlow(route)) {
      return new org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer(
          endpoint, processor, List.of(), router.getName());
    }
    goOn(endpoint);
    return new FlowConsumer(
        endpoint, processor, route, flows, limits, router.route(path(endpoint)));
  }

  /**
   * Makes sure that there is a server, if flows are to be started at all.
   *
   * @throws IOException if it cannot listen, with the reason
   */
  public void requireServer() throws IOException {
    if (flows != HttpFlows.NONE) {
      var unused = server.router();
    }
  }

  /**
   * Answers the requests of a flow that cannot be started yet, so that senders try again.
   *
   * @throws IOException if there is no server
   */
  public void answerHeld(PlatformHttpEndpoint endpoint) throws IOException {
    Route route = server.router().route(path(endpoint));
    route.handler(context -> FlowRequest.refuse(context, Problems.held()));
    Route before = held.put(path(endpoint), route);
    if (before != null) {
      before.remove();
    }
  }

  private void goOn(PlatformHttpEndpoint endpoint) {
    Route route = held.remove(path(endpoint));
    if (route != null) {
      route.remove();
    }
  }

  /** As Camel has it: {@code /path/{key}}, and a star for what begins so. */
  private static String path(PlatformHttpEndpoint endpoint) {
    String path = endpoint.getPath();
    if (endpoint.isMatchOnUriPrefix() && !path.endsWith("*")) {
      path += "*";
    }
    return path.replaceAll("\\{([^/}]+)}", ":$1");
  }

  @Override
  public int getServerPort() {
    return server.port();
  }
}
