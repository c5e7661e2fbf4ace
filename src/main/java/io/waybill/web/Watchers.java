package io.waybill.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waybill.control.Serving;
import io.waybill.control.Serving.LiveRun;
import io.waybill.control.Serving.Pulse;
import io.waybill.delivery.RunState;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.HoldView;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients what changes, as server-sent events. What happened is looked at twice a second,
 * once for all of them, and written once; a client that does not read loses its connection and asks
 * anew, so that none costs more than the buffer of its connection. All of it runs on the event
 * loop, but the looking.
 */
final class Watchers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);
  private static final int MOST = 500;
  private static final int QUEUE_BYTES = 256 * 1024;
  private static final long LOOK_MILLIS = 500;
  private static final long HEARTBEAT_LOOKS = 20;
  private static final int PATIENCE_LOOKS = 20;

  /** With more at once, clients had better ask for what they show. */
  private static final int MOST_RUNS = 100;

  private final Serving serving;

  /** Clients, and for how many looks their buffers have been full. */
  private final Map<HttpServerResponse, Integer> clients = new HashMap<>();

  private Vertx vertx;
  private long timer;
  private long mark;
  private long looks;
  private List<HoldView> holds = List.of();
  private boolean looking;

  Watchers(Serving serving) {
    this.serving = serving;
  }

  void mount(Vertx on, Router router) {
    vertx = on;
    router.get(Api.BASE + "/events").handler(this::join);
    timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
  }

  private void join(RoutingContext context) {
    if (clients.size() >= MOST) {
      Answering.problem(
          context, Kind.TOO_MANY_WATCHERS, MOST + " listen already", "close some of them");
      return;
    }
    HttpServerResponse response = context.response();
    response
        .setChunked(true)
        .setWriteQueueMaxSize(QUEUE_BYTES)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    response.closeHandler(gone -> clients.remove(response));
    response.exceptionHandler(broken -> clients.remove(response));
    clients.put(response, 0);
    var unused =
        vertx
            .executeBlocking(() -> serving.pulse(0), false)
            .onSuccess(pulse -> welcome(response, pulse))
            .onFailure(context::fail);
  }

  private void welcome(HttpServerResponse response, Pulse pulse) {
    if (response.closed()) {
      return;
    }
    // what ends before the first look is told as well
    mark = Math.max(mark, clients.size() == 1 ? pulse.mark() : mark);
    String text =
        "retry: 2000\n\n"
            + holdsEvent(holds(pulse))
            + pulse.runs().stream()
                .filter(run -> run.state() == RunState.RUNNING)
                .limit(MOST_RUNS)
                .map(Watchers::runEvent)
                .collect(Collectors.joining());
    var unused = response.write(Buffer.buffer(text));
  }

  private void look() {
    if (clients.isEmpty() || looking) {
      return;
    }
    looking = true;
    long since = mark;
    var unused =
        vertx
            .executeBlocking(() -> serving.pulse(since), false)
            .onComplete(
                looked -> {
                  looking = false;
                  if (looked.succeeded()) {
                    tell(looked.result());
                  } else {
                    LOG.warn("what is going on cannot be told", looked.cause());
                  }
                });
  }

  private void tell(Pulse pulse) {
    mark = pulse.mark();
    StringBuilder text = new StringBuilder();
    List<HoldView> now = holds(pulse);
    if (!now.equals(holds)) {
      holds = now;
      text.append(holdsEvent(now));
    }
    if (pulse.runs().size() > MOST_RUNS) {
      text.append("event: refresh\ndata: {}\n\n");
    } else {
      pulse.runs().forEach(run -> text.append(runEvent(run)));
    }
    if (text.isEmpty() && ++looks % HEARTBEAT_LOOKS == 0) {
      text.append(": still there\n\n");
    }
    if (!text.isEmpty()) {
      Buffer event = Buffer.buffer(text.toString());
      List.copyOf(clients.keySet()).forEach(client -> send(client, event));
    }
  }

  private void send(HttpServerResponse client, Buffer event) {
    if (!client.writeQueueFull()) {
      clients.put(client, 0);
      var unused = client.write(event);
    } else if (clients.merge(client, 1, Integer::sum) > PATIENCE_LOOKS) {
      clients.remove(client);
      client.reset();
    }
  }

  private static List<HoldView> holds(Pulse pulse) {
    return pulse.holds().stream().map(HoldView::of).toList();
  }

  private static String holdsEvent(List<HoldView> holds) {
    return event("holds", Map.of("holds", holds));
  }

  private static String runEvent(LiveRun run) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("run", run.run());
    data.put("flow", run.flow());
    data.put("location", run.location());
    data.put("table", run.table());
    data.put("state", run.state().label());
    data.put("reason", run.reason());
    data.put("fraction", run.fraction());
    data.put("rows", run.rows());
    data.put("bytes", run.bytes());
    data.put("batches", run.batches());
    data.put("deadRows", run.deadRows());
    data.put("elapsedMillis", run.elapsedMillis());
    return event("run", data);
  }

  /** JSON has no line ends, so it is one line of data. */
  private static String event(String name, Object data) {
    return "event: %s\ndata: %s\n\n"
        .formatted(name, new String(Answering.json(data), java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Ends what clients listen to, as it should end. */
  @Override
  public void close() {
    var unused = vertx.cancelTimer(timer);
    vertx.runOnContext(nothing -> List.copyOf(clients.keySet()).forEach(HttpServerResponse::end));
  }
}
