package io.waybill.clickhouse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.delivery.BatchPlan;
import java.util.Map;
import java.util.TreeMap;

/** The JSON in log_comment that ties a query in system.query_log to its flow, run and batch. */
public final class LogComment {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LogComment() {}

  /** Of an attempt to insert; with the papers of the {@link QueryContext}, such as a trace id. */
  static String of(BatchPlan plan, int attempt) {
    ObjectNode comment = JSON.createObjectNode();
    comment.put("flow", plan.flow());
    comment.put("run", plan.run());
    comment.put("batch", plan.id());
    comment.put("attempt", attempt);
    QueryContext.current().forEach(comment::put);
    return comment.toString();
  }

  static String ofProbe(BatchPlan plan) {
    ObjectNode comment = JSON.createObjectNode();
    comment.put("flow", plan.flow());
    comment.put("run", plan.run());
    comment.put("probe_of", plan.id());
    return comment.toString();
  }

  /** A comment of these papers. */
  public static String of(Map<String, String> papers) {
    ObjectNode comment = JSON.createObjectNode();
    new TreeMap<>(papers).forEach(comment::put);
    return comment.toString();
  }
}
