package io.waybill.lineage;

import io.waybill.delivery.BatchState;
import io.waybill.delivery.Run;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run did so far. Thread-safe. */
final class RunFacts {
  /** Batches beyond are only counted. */
  private static final int MOST = 500;

  private final Run run;
  private final Unit unit;
  private final String location;
  private final List<Map<String, Object>> batches = new ArrayList<>();
  private long count;
  private long rows;
  private long bytes;
  private long dead;

  RunFacts(Run run, Unit unit, String location) {
    this.run = run;
    this.unit = unit;
    this.location = location;
  }

  /**
   * How it stands at one moment.
   *
   * @param batches facts of its first settled batches
   * @param count how many were settled
   * @param rows rows that arrived
   * @param bytes their bytes, as they were sent
   * @param dead rows that became dead letters
   */
  record Snapshot(
      Run run,
      Unit unit,
      String location,
      Instant at,
      List<Map<String, Object>> batches,
      long count,
      long rows,
      long bytes,
      long dead) {}

  synchronized void settled(Waybill waybill) {
    boolean committed = waybill.state() == BatchState.COMMITTED;
    count++;
    rows += committed ? waybill.plan().rows() : 0;
    bytes += committed ? waybill.plan().bytes() : 0;
    dead += waybill.deadRows();
    if (batches.size() < MOST) {
      batches.add(facts(waybill));
    }
  }

  private static Map<String, Object> facts(Waybill waybill) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("batch", waybill.plan().id());
    facts.put("queryId", waybill.plan().id());
    facts.put("state", waybill.state().label());
    facts.put("rows", waybill.plan().rows());
    facts.put("deadRows", waybill.deadRows());
    facts.put("bytes", waybill.plan().bytes());
    facts.put("positionFrom", waybill.plan().position().from());
    facts.put("positionTo", waybill.plan().position().to());
    facts.put("firstRecord", waybill.plan().position().firstRecord());
    facts.put("digest", waybill.plan().digest());
    facts.put("token", waybill.plan().token());
    facts.put("attempts", waybill.attempts());
    facts.put("elapsedMillis", waybill.elapsed().toMillis());
    return facts;
  }

  synchronized Snapshot at(Instant now) {
    return new Snapshot(run, unit, location, now, List.copyOf(batches), count, rows, bytes, dead);
  }
}
