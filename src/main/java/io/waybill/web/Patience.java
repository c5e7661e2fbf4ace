package io.waybill.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import io.waybill.web.Problem.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how long a client may take: one that sends its head or its body by drops would keep a
 * connection for ever, since drops are no silence. All of it runs on the event loop.
 */
final class Patience {
  /** How many connections there may be. */
  static final int MOST = 2000;

  private static final long SWEEP_MILLIS = 1000;
  private static final long BUSY = Long.MAX_VALUE;
  private final Vertx vertx;
  private final long headNanos;
  private final long idleNanos;
  private final long bodyMillis;

  /** When each is closed unless a request of it has come. */
  private final Map<HttpConnection, Long> deadlines = new HashMap<>();

  /**
   * Patience.
   *
   * @param headMillis for the first head of a connection
   * @param idleMillis for each other one, from the answer before it on
   * @param bodyMillis for a body, from its head on
   */
  Patience(Vertx vertx, long headMillis, long idleMillis, long bodyMillis) {
    this.vertx = vertx;
    this.headNanos = TimeUnit.MILLISECONDS.toNanos(headMillis);
    this.idleNanos = TimeUnit.MILLISECONDS.toNanos(idleMillis);
    this.bodyMillis = bodyMillis;
    var unused = vertx.setPeriodic(SWEEP_MILLIS, tick -> sweep());
  }

  void connected(HttpConnection connection) {
    if (deadlines.size() >= MOST) {
      var unused = connection.close();
      return;
    }
    deadlines.put(connection, System.nanoTime() + headNanos);
    connection.closeHandler(gone -> deadlines.remove(connection));
  }

  /** The head of a request has come. */
  void asked(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    deadlines.replace(connection, BUSY);
    long timer = vertx.setTimer(bodyMillis, late -> late(context));
    context.addEndHandler(
        ended -> {
          var unused = vertx.cancelTimer(timer);
          deadlines.computeIfPresent(connection, (key, was) -> System.nanoTime() + idleNanos);
        });
    context.next();
  }

  private static void late(RoutingContext context) {
    if (!context.request().isEnded() && !context.response().ended()) {
      Answering.lastProblem(
          context, Kind.TOO_SLOW, "the body did not come in time", "send it faster");
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    List<HttpConnection> late =
        deadlines.entrySet().stream()
            .filter(each -> each.getValue() != BUSY && each.getValue() - now < 0)
            .map(Map.Entry::getKey)
            .toList();
    for (HttpConnection connection : late) {
      deadlines.remove(connection);
      var unused = connection.close();
    }
  }
}
