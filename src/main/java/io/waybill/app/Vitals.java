package io.waybill.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.control.Health;
import io.waybill.control.Health.Status;
import io.waybill.metrics.StateMeters;
import io.waybill.web.Page.Reply;
import java.util.Locale;

/**
 * Metrics and health of a process that serves, as pages for whoever watches it. Thread-safe; may
 * take as long as the ledger does.
 */
public final class Vitals {
  private static final String JSON_TYPE = "application/json";
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Condition condition;
  private final StateMeters meters;

  Vitals(Condition condition, StateMeters meters) {
    this.condition = condition;
    this.meters = meters;
  }

  /** The flows were started, or are held. */
  void started() {
    condition.started();
  }

  /** How it is. */
  public Health health() {
    return condition.health();
  }

  /** {@code /metrics}: all meters in the text format of Prometheus. */
  public Reply metrics() {
    return new Reply(OK, METRICS_TYPE, meters.text());
  }

  /** {@code /health}: the whole and each flow; 503 if the whole is down. */
  public Reply healthPage() {
    Health now = health();
    ObjectNode page = JSON.createObjectNode();
    page.put("status", label(now.status()));
    page.put("ready", now.ready());
    ObjectNode checks = page.putObject("checks");
    now.checks()
        .forEach(
            each -> put(checks.putObject(each.name()), each.up(), each.reason(), each.remedy()));
    ObjectNode flows = page.putObject("flows");
    for (Health.Flow flow : now.flows()) {
      ObjectNode node = flows.putObject(flow.name());
      put(node, flow.up(), flow.reason(), flow.remedy());
      flow.since().ifPresent(since -> node.put("since", since.toString()));
    }
    return new Reply(
        now.status() == Status.DOWN ? UNAVAILABLE : OK, JSON_TYPE, page.toPrettyString() + "\n");
  }

  private static void put(ObjectNode node, boolean up, String reason, String remedy) {
    node.put("status", label(up ? Status.UP : Status.DOWN));
    if (!reason.isEmpty()) {
      node.put("reason", reason);
    }
    if (!remedy.isEmpty()) {
      node.put("remedy", remedy);
    }
  }

  private static String label(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  /** {@code /health/live}: that it answers at all; asks nobody. */
  public static Reply live() {
    return status(true, Status.UP);
  }

  /** {@code /health/ready}: 503 until it is ready. */
  public Reply ready() {
    boolean ready = health().ready();
    return status(ready, ready ? Status.UP : Status.DOWN);
  }

  /** What is answered for one that is still starting. */
  static Reply starting() {
    return status(false, Status.DOWN);
  }

  private static Reply status(boolean well, Status status) {
    ObjectNode page = JSON.createObjectNode().put("status", label(status));
    return new Reply(well ? OK : UNAVAILABLE, JSON_TYPE, page + "\n");
  }
}
