package io.waybill.clickhouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.delivery.BatchPlan;
import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code log_comment} of Waybill's statements: JSON, to be found in system.query_log. */
public final class LogComment {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LogComment() {}

  /** Of one attempt to insert a batch. */
  public static String of(BatchPlan plan, int attempt) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("flow", plan.flow());
    fields.put("run", plan.run());
    fields.put("batch", plan.id());
    fields.put("attempt", attempt);
    return of(fields);
  }

  /** Of anything else, with Waybill's version added. */
  public static String of(Map<String, Object> fields) {
    Map<String, Object> all = new LinkedHashMap<>(fields);
    all.put("waybill", ClientName.version());
    try {
      return JSON.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a log_comment holds only plain values", e);
    }
  }
}
