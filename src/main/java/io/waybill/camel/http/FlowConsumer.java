package io.waybill.camel.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.waybill.camel.WaitingSender;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.DefaultConsumer;

/**
 * Takes the requests of one flow. Bodies are read without a thread and within bounds; the flow's
 * steps run on threads of its own, and the answer waits without one until the rows are durable or
 * in ClickHouse. (Camel's own consumer keeps one of 20 threads waiting for each request.)
 */
final class FlowConsumer extends DefaultConsumer implements PlatformHttpConsumer, Suspendable {
  private static final int THREADS = 8;
  private static final Set<String> ENCODINGS = Set.of("identity", "gzip", "x-gzip", "zstd");
  private final String flow;
  private final HttpFlows flows;
  private final HttpLimits limits;
  private final Admission admission;
  private final Route route;
  private ContentTypes types;
  private HeaderFilterStrategy headers;
  private ExecutorService threads;

  /**
   * For a flow that is being started.
   *
   * @param route where its requests come in
   */
  FlowConsumer(
      PlatformHttpEndpoint endpoint,
      Processor processor,
      String flow,
      HttpFlows flows,
      HttpLimits limits,
      Route route) {
    super(endpoint, processor);
    this.flow = flow;
    this.flows = flows;
    this.limits = limits;
    this.admission = new Admission(limits);
    this.route = route;
  }

  @Override
  public PlatformHttpEndpoint getEndpoint() {
    return (PlatformHttpEndpoint) super.getEndpoint();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    types = new ContentTypes(getEndpoint().getConsumes(), flows.format(flow));
    headers = getEndpoint().getHeaderFilterStrategy();
    threads =
        getEndpoint()
            .getCamelContext()
            .getExecutorServiceManager()
            .newFixedThreadPool(this, "waybill-http", THREADS);
    String methods = getEndpoint().getHttpMethodRestrict();
    if (methods != null) {
      for (String method : methods.split(",", -1)) {
        route.method(HttpMethod.valueOf(method.strip().toUpperCase(Locale.ROOT)));
      }
    }
    route.handler(this::handle);
  }

  @Override
  protected void doStop() throws Exception {
    route.remove();
    getEndpoint().getCamelContext().getExecutorServiceManager().shutdownGraceful(threads);
    super.doStop();
  }

  private void handle(RoutingContext context) {
    Problem objection = objection(context.request());
    if (objection != null) {
      FlowRequest.refuse(context, objection);
      return;
    }
    Admission.Ticket ticket = admission.enter();
    if (ticket == null) {
      FlowRequest.refuse(
          context, Problems.tooMany("more than %d requests wait".formatted(limits.requests())));
      return;
    }
    new FlowRequest(context, limits, ticket).read(body -> pass(context, body, ticket));
  }

  /** What can be said against a request before its body is read. */
  private Problem objection(HttpServerRequest request) {
    if (flows.hold(flow).isPresent()) {
      return Problems.held();
    }
    if (isSuspended() || isSuspending() || isStopping()) {
      return Problems.stopping();
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !ENCODINGS.contains(encoding.toLowerCase(Locale.ROOT))) {
      return Problem.of(
          415, "CONTENT_ENCODING", "bodies may be packed with gzip or zstd, or not at all");
    }
    if (!types.take(request.getHeader("Content-Type"))) {
      return Problem.of(415, "CONTENT_TYPE", "this flow takes " + types);
    }
    String length = request.getHeader("Content-Length");
    boolean tooLarge = length != null && length.length() > String.valueOf(limits.body()).length();
    if (tooLarge || (length != null && Long.parseLong(length) > limits.body())) {
      return Problems.tooLarge(limits.body());
    }
    return null;
  }

  private void pass(RoutingContext context, Buffer body, Admission.Ticket ticket) {
    try {
      threads.execute(() -> process(context, body.getBytes(), ticket));
    } catch (RejectedExecutionException e) {
      ticket.leave();
      FlowRequest.answer(context, Problems.stopping());
    }
  }

  private void process(RoutingContext context, byte[] stored, Admission.Ticket ticket) {
    Exchange exchange = createExchange(false);
    try {
      byte[] body =
          UnpackedBody.isPacked(stored) ? UnpackedBody.of(stored, limits.body(), ticket) : stored;
      fill(exchange, context, body);
      createUoW(exchange);
      getAsyncProcessor().process(exchange, doneSync -> answered(context, exchange, body, ticket));
    } catch (UnpackedBody.RefusedException e) {
      refused(context, exchange, e.problem(), ticket);
    } catch (Exception e) {
      refused(context, exchange, Problems.of(e), ticket);
    }
  }

  private void refused(
      RoutingContext context, Exchange exchange, Problem problem, Admission.Ticket ticket) {
    ticket.leave();
    releaseExchange(exchange, false);
    FlowRequest.answer(context, problem);
  }

  private void answered(
      RoutingContext context, Exchange exchange, byte[] body, Admission.Ticket ticket) {
    try {
      Reply.of(exchange, body, headers).send(context);
    } finally {
      ticket.leave();
      doneUoW(exchange);
      releaseExchange(exchange, false);
    }
  }

  private void fill(Exchange exchange, RoutingContext context, byte[] body) {
    exchange.setPattern(ExchangePattern.InOut);
    WaitingSender.mark(exchange);
    Message message = exchange.getIn();
    message.setBody(body);
    HttpServerRequest request = context.request();
    take(exchange, request.headers());
    if (request.query() != null) {
      take(exchange, context.queryParams());
    }
    context.pathParams().forEach(message::setHeader);
    message.setHeader(Exchange.HTTP_METHOD, request.method().name());
    message.setHeader(Exchange.HTTP_PATH, context.normalizedPath());
    message.setHeader(Exchange.HTTP_URI, request.uri());
    message.setHeader(Exchange.HTTP_QUERY, request.query());
  }

  private void take(Exchange exchange, Iterable<Map.Entry<String, String>> entries) {
    for (Map.Entry<String, String> entry : entries) {
      String name = entry.getKey();
      if (!headers.applyFilterToExternalHeaders(name, entry.getValue(), exchange)) {
        exchange.getIn().setHeader(name, entry.getValue());
      }
    }
  }
}
