package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.batch.Position;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Waybill;

/** The audit event of a settled batch. */
final class BatchPapers {
  private BatchPapers() {}

  static AuditEvent of(Waybill waybill) {
    AuditEvent.Builder event = AuditEvent.of(AuditKind.BATCH, waybill.settledAt());
    putPlan(event, waybill);
    putOutcome(event, waybill);
    return event.build();
  }

  private static void putPlan(AuditEvent.Builder event, Waybill waybill) {
    BatchPlan plan = waybill.plan();
    Position position = plan.position();
    event
        .with(AuditField.FLOW, plan.flow())
        .with(AuditField.RUN, plan.run())
        .with(AuditField.BATCH, plan.id())
        .with(AuditField.SOURCE, plan.sourceId())
        .with(AuditField.LOCATION, waybill.location())
        .with(AuditField.POSITION_FROM, position.from())
        .with(AuditField.POSITION_TO, position.to())
        .with(AuditField.FIRST_RECORD, position.firstRecord())
        .with(AuditField.DATABASE, plan.shape().table().database())
        .with(AuditField.TABLE, plan.shape().table().table())
        .with(AuditField.FORMAT, plan.shape().format().clickHouseName())
        .with(AuditField.ROWS, plan.rows())
        .with(AuditField.PARENT, plan.parent())
        .with(AuditField.BYTES, plan.bytes())
        .with(AuditField.DIGEST, plan.digest())
        .with(AuditField.TOKEN, plan.token())
        .with(AuditField.QUERY_ID, plan.id());
  }

  private static void putOutcome(AuditEvent.Builder event, Waybill waybill) {
    event
        .with(AuditField.ATTEMPTS, waybill.attempts())
        .with(AuditField.OUTCOME, waybill.state().label())
        .with(AuditField.DEAD_ROWS, waybill.deadRows())
        .with(AuditField.ERROR_CODE, waybill.errorCode())
        .with(AuditField.ERROR_NAME, waybill.errorName())
        .with(AuditField.REASON, waybill.reason())
        .with(AuditField.CLICKHOUSE_HOST, waybill.server())
        .with(AuditField.CLICKHOUSE_USER, waybill.user())
        .with(AuditField.ORDERED_BY, "")
        .with(AuditField.PLANNED_AT, waybill.plan().plannedAt())
        // a clock that was set back in between makes it negative, which becomes 0
        .with(AuditField.ELAPSED_MS, waybill.elapsed().toMillis());
  }
}
