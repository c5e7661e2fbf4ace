package io.waybill.ledger;

import io.waybill.batch.Position;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Waybill;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** A waybill as one flat line of JSON, its fields the columns of {@link AuditTable}. */
final class AuditEvent {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX").withZone(ZoneOffset.UTC);

  private AuditEvent() {}

  static String line(Waybill waybill, Identity ledger, long seq, Origin origin) {
    Map<String, Object> event = begun("batch", waybill.settledAt(), ledger, seq);
    putPlan(event, waybill);
    putOutcome(event, waybill);
    return ended(event, origin);
  }

  /** What somebody ordered for one batch. */
  record Decision(
      String kind,
      Instant at,
      String flow,
      String run,
      String batch,
      String source,
      String location,
      String database,
      String table,
      String format,
      long letters,
      String outcome,
      String reason,
      String by) {}

  static String line(Decision decision, Identity ledger, long seq, Origin origin) {
    Map<String, Object> event = begun(decision.kind(), decision.at(), ledger, seq);
    event.put("flow", decision.flow());
    event.put("run", decision.run());
    event.put("batch", decision.batch());
    event.put("source", decision.source());
    event.put("location", decision.location());
    event.put("database", decision.database());
    event.put("table", decision.table());
    event.put("format", decision.format());
    event.put("dead_rows", decision.letters());
    event.put("outcome", decision.outcome());
    event.put("reason", decision.reason());
    event.put("ordered_by", decision.by());
    event.put("planned_at", time(decision.at()));
    return ended(event, origin);
  }

  static String line(RouteBook.Change change, Identity ledger, long seq, Origin origin) {
    Map<String, Object> event = begun("route-file", change.at(), ledger, seq);
    event.put("source", change.version().name());
    event.put("location", change.version().location());
    event.put("digest_before", change.before());
    event.put("digest", change.version().digest());
    event.put("flows", change.flows());
    event.put("outcome", change.outcome());
    event.put("reason", change.reason());
    event.put("ordered_by", change.version().by());
    event.put("planned_at", time(change.at()));
    return ended(event, origin);
  }

  private static Map<String, Object> begun(String kind, Instant at, Identity ledger, long seq) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("time", time(at));
    event.put("ledger", ledger.id());
    event.put("epoch", ledger.epoch());
    event.put("seq", seq);
    event.put("kind", kind);
    return event;
  }

  private static String ended(Map<String, Object> event, Origin origin) {
    event.put("host", origin.host());
    event.put("waybill_version", origin.version());
    return Json.write(event);
  }

  private static void putPlan(Map<String, Object> event, Waybill waybill) {
    BatchPlan plan = waybill.plan();
    Position position = plan.position();
    event.put("flow", plan.flow());
    event.put("run", plan.run());
    event.put("batch", plan.id());
    event.put("source", plan.sourceId());
    event.put("location", waybill.location());
    event.put("position_from", position.from());
    event.put("position_to", position.to());
    event.put("first_record", position.firstRecord());
    event.put("database", plan.shape().table().database());
    event.put("table", plan.shape().table().table());
    event.put("format", plan.shape().format().clickHouseName());
    event.put("rows", plan.rows());
    event.put("parent", plan.parent());
    event.put("bytes", plan.bytes());
    event.put("digest", plan.digest());
    event.put("token", plan.token());
    event.put("query_id", plan.id());
  }

  private static void putOutcome(Map<String, Object> event, Waybill waybill) {
    event.put("attempts", waybill.attempts());
    event.put("outcome", waybill.state().label());
    event.put("dead_rows", waybill.deadRows());
    event.put("error_code", waybill.errorCode());
    event.put("error_name", waybill.errorName());
    event.put("reason", waybill.reason());
    event.put("clickhouse_host", waybill.server());
    event.put("clickhouse_user", waybill.user());
    event.put("ordered_by", "");
    event.put("planned_at", time(waybill.plan().plannedAt()));
    // a clock that was set back in between makes it negative, which the column cannot hold
    event.put("elapsed_ms", Math.max(0, waybill.elapsed().toMillis()));
  }

  /** To the microsecond, as the ledger and the audit table keep it. */
  static String time(Instant instant) {
    return TIME.format(instant.truncatedTo(ChronoUnit.MICROS));
  }
}
