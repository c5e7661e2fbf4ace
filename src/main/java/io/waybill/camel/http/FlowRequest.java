package io.waybill.camel.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * One request to a flow: reads its body within bounds, and answers once. Nothing of a body that is
 * not whole goes on. Used by the event loop, but for answers.
 */
final class FlowRequest {
  private static final long LINGER_MILLIS = 5_000;
  private final RoutingContext context;
  private final HttpLimits limits;
  private final Admission.Ticket ticket;
  private final Buffer body;
  private long timer = -1;
  private boolean over;

  /** Hears of a body that came whole. */
  interface Whole {
    void body(Buffer body);
  }

  FlowRequest(RoutingContext context, HttpLimits limits, Admission.Ticket ticket) {
    this.context = context;
    this.limits = limits;
    this.ticket = ticket;
    this.body = Buffer.buffer();
  }

  Admission.Ticket ticket() {
    return ticket;
  }

  void read(Whole whole) {
    HttpServerRequest request = context.request();
    timer =
        context
            .vertx()
            .setTimer(limits.timeout().toMillis(), late -> refuseBody(Problems.tooSlow()));
    request.exceptionHandler(broken -> end());
    request.handler(this::take);
    request.endHandler(
        done -> {
          if (!over) {
            context.vertx().cancelTimer(timer);
            whole.body(body);
          }
        });
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      context.response().writeContinue();
    }
  }

  private void take(Buffer part) {
    if (over) {
      return;
    }
    if ((long) body.length() + part.length() > limits.body()) {
      refuseBody(Problems.tooLarge(limits.body()));
    } else if (!ticket.hold(part.length())) {
      refuseBody(Problems.tooMany("the unanswered requests of this flow take too much memory"));
    } else {
      body.appendBuffer(part);
    }
  }

  private void refuseBody(Problem problem) {
    if (!over) {
      end();
      refuse(context, problem);
    }
  }

  /** The connection broke, or the request was refused: what came of it is forgotten. */
  private void end() {
    over = true;
    context.vertx().cancelTimer(timer);
    ticket.leave();
  }

  /**
   * Refuses a request whose body is not read. A client that still sends would not see the answer if
   * the connection were closed at once: it has a while to come to its end.
   */
  static void refuse(RoutingContext context, Problem problem) {
    HttpServerRequest request = context.request();
    if (!request.isEnded()) {
      long late = context.vertx().setTimer(LINGER_MILLIS, end -> request.connection().close());
      request.endHandler(all -> context.vertx().cancelTimer(late));
      request.exceptionHandler(broken -> context.vertx().cancelTimer(late));
      request.handler(ignored -> {});
      request.resume();
    }
    answer(context, problem);
  }

  static void answer(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response();
    if (problem.retryAfter() > 0) {
      response.putHeader("Retry-After", Integer.toString(problem.retryAfter()));
    }
    answer(context, problem.status(), "application/problem+json", Buffer.buffer(problem.json()));
  }

  static void answer(RoutingContext context, int status, String type, Buffer body) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).putHeader("Content-Type", type);
      var unused = response.end(body);
    }
  }
}
