package io.waybill.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.waybill.control.Authentication;
import io.waybill.control.Caller;
import io.waybill.control.Serving;
import io.waybill.control.Serving.LiveRun;
import io.waybill.control.Serving.Pulse;
import io.waybill.delivery.RunState;
import io.waybill.policy.Identity;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.HoldView;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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
  private final Permit permit;
  private final Authentication authentication;
  private final Map<HttpServerResponse, Client> clients = new HashMap<>();

  private Vertx vertx;
  private long timer;
  private long mark;
  private long looks;
  private boolean looking;

  Watchers(Serving serving, Permit permit, Authentication authentication) {
    this.serving = serving;
    this.permit = permit;
    this.authentication = authentication;
  }

  /** Who listens. */
  private static final class Client {
    private final Caller caller;

    /** The holds that it was told last. */
    private List<HoldView> holds = List.of();

    /** For how many looks its buffer has been full. */
    private int full;

    Client(Caller caller) {
      this.caller = caller;
    }
  }

  /** What there is to tell, by who is to be told, since not everybody sees everything. */
  private record News(Pulse pulse, Map<Identity, Told> told) {}

  /** What somebody is told: runs as they are written, and holds. */
  private record Told(List<HoldView> holds, String runs) {}

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
    Client client = new Client(Guard.caller(context));
    clients.put(response, client);
    Set<Identity> who = Set.of(client.caller.who());
    var unused =
        vertx
            .executeBlocking(() -> news(0, who, Watchers::isRunning), false)
            .onSuccess(news -> welcome(response, client, news))
            .onFailure(context::fail);
  }

  private static boolean isRunning(LiveRun run) {
    return run.state() == RunState.RUNNING;
  }

  /** Reads the ledger where not everybody sees everything. */
  private News news(long since, Set<Identity> listening, Predicate<LiveRun> which) {
    Pulse pulse = serving.pulse(since);
    List<LiveRun> runs = pulse.runs().stream().filter(which).toList();
    Map<Identity, Told> told = new HashMap<>();
    for (Identity who : listening) {
      Sight sight = permit.sight(Caller.of(who));
      List<LiveRun> seen = runs.stream().filter(run -> sight.of(run.table())).toList();
      told.put(who, new Told(SiteEndpoints.holds(pulse, sight), runsText(seen)));
    }
    return new News(pulse, told);
  }

  private static String runsText(List<LiveRun> runs) {
    return runs.size() > MOST_RUNS
        ? "event: refresh\ndata: {}\n\n"
        : runs.stream().map(Watchers::runEvent).collect(Collectors.joining());
  }

  private void welcome(HttpServerResponse response, Client client, News news) {
    if (response.closed()) {
      return;
    }
    // what ends before the first look is told as well
    mark = Math.max(mark, clients.size() == 1 ? news.pulse().mark() : mark);
    Told told = news.told().get(client.caller.who());
    client.holds = told.holds();
    var unused =
        response.write(Buffer.buffer("retry: 2000\n\n" + holdsEvent(told.holds()) + told.runs()));
  }

  private void look() {
    if (clients.isEmpty() || looking) {
      return;
    }
    looking = true;
    long since = mark;
    dismiss();
    Set<Identity> who =
        clients.values().stream().map(client -> client.caller.who()).collect(Collectors.toSet());
    var unused =
        vertx
            .executeBlocking(() -> news(since, who, run -> true), false)
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

  /** Who is not known any more hears no more; his page asks anew. */
  private void dismiss() {
    List.copyOf(clients.entrySet())
        .forEach(
            each -> {
              if (!authentication.isGood(each.getValue().caller)) {
                clients.remove(each.getKey());
                var unused = each.getKey().end();
              }
            });
  }

  private void tell(News news) {
    mark = news.pulse().mark();
    boolean heartbeat = ++looks % HEARTBEAT_LOOKS == 0;
    List.copyOf(clients.entrySet())
        .forEach(
            each -> {
              // who came meanwhile is told next time
              Told told = news.told().get(each.getValue().caller.who());
              if (told != null) {
                tell(each.getKey(), each.getValue(), told, heartbeat);
              }
            });
  }

  private void tell(HttpServerResponse response, Client client, Told told, boolean heartbeat) {
    StringBuilder text = new StringBuilder();
    if (!told.holds().equals(client.holds)) {
      client.holds = told.holds();
      text.append(holdsEvent(told.holds()));
    }
    text.append(told.runs());
    if (text.isEmpty() && heartbeat) {
      text.append(": still there\n\n");
    }
    if (!text.isEmpty()) {
      send(response, client, Buffer.buffer(text.toString()));
    }
  }

  private void send(HttpServerResponse response, Client client, Buffer event) {
    if (!response.writeQueueFull()) {
      client.full = 0;
      var unused = response.write(event);
    } else if (++client.full > PATIENCE_LOOKS) {
      clients.remove(response);
      response.reset();
    }
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
