package io.waybill.web.view;

import io.waybill.audit.AuditField;
import io.waybill.audit.ChainEntry;
import io.waybill.ledger.AuditRow;
import java.util.List;
import java.util.Optional;

/** An event of the audit trail. */
public record AuditView(
    @About("its place: epoch and number") String event,
    @About(value = "when it happened", time = true) String time,
    @About("what it tells of") String kind,
    @About("what came of it") String outcome,
    @About("person who ordered it; may be empty") String orderedBy,
    @About("who vouches for that person; may be empty") String identitySource,
    @About("role that was acted under; may be empty") String role,
    @About("what was ordered, tried or done; may be empty") String action,
    @About("flow; may be empty") String flow,
    @About("run; may be empty") String run,
    @About("batch, which is the query id too; may be empty") String batch,
    @About("what identifies the source; may be empty") String source,
    @About("where a person finds the source; may be empty") String location,
    @About("target; may be empty") String table,
    @About("rows") long rows,
    @About("bytes") long bytes,
    @About("rows that became dead letters") long deadRows,
    @About("ClickHouse's code, or 0") long errorCode,
    @About("its name; may be empty") String errorName,
    @About("why; may be empty") String reason,
    @About("ClickHouse user that wrote; may be empty") String clickHouseUser,
    @About("line of the policy that decided; may be empty") String rule,
    @About("arguments, or a difference; may be empty") String detail,
    @About("how long it took") long elapsedMillis,
    @About("host of Waybill; empty if its content was pruned") String host,
    @About("whether its content was pruned in the ledger") boolean pruned,
    @About("its hash; empty of events from before there were hashes") String hash) {

  public static Optional<AuditView> of(AuditRow row) {
    return ChainEntry.parse(row.line()).map(entry -> of(row, entry));
  }

  private static AuditView of(AuditRow row, ChainEntry entry) {
    String database = entry.text(AuditField.DATABASE);
    return new AuditView(
        row.epoch() + "-" + row.seq(),
        Times.of(row.at()),
        row.kind(),
        entry.text(AuditField.OUTCOME),
        entry.text(AuditField.ORDERED_BY),
        entry.text(AuditField.IDENTITY_SOURCE),
        entry.text(AuditField.ROLE),
        entry.text(AuditField.ACTION),
        entry.text(AuditField.FLOW),
        entry.text(AuditField.RUN),
        entry.text(AuditField.BATCH),
        entry.text(AuditField.SOURCE),
        entry.text(AuditField.LOCATION),
        database.isEmpty() ? "" : database + "." + entry.text(AuditField.TABLE),
        entry.number(AuditField.ROWS),
        entry.number(AuditField.BYTES),
        entry.number(AuditField.DEAD_ROWS),
        entry.number(AuditField.ERROR_CODE),
        entry.text(AuditField.ERROR_NAME),
        entry.text(AuditField.REASON),
        entry.text(AuditField.CLICKHOUSE_USER),
        entry.text(AuditField.RULE),
        entry.text(AuditField.DETAIL),
        entry.number(AuditField.ELAPSED_MS),
        entry.text(AuditField.HOST),
        entry.isPruned(),
        entry.hash());
  }

  /** Some events. */
  public record Listing(
      @About("the newest first") List<AuditView> events,
      @About(value = "give it as cursor for those before; null at the end", maybe = true)
          String next) {
    public Listing {
      events = List.copyOf(events);
    }
  }
}
