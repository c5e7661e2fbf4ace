package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import java.time.Instant;

/**
 * What somebody decided of dead letters or rows of one batch, for the trail.
 *
 * @param letters how many dead letters it is about; 0 for rows
 * @param by who decided
 */
record DecisionPapers(
    AuditKind kind,
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
    String by) {

  AuditEvent event() {
    return AuditEvent.of(kind, at)
        .with(AuditField.FLOW, flow)
        .with(AuditField.RUN, run)
        .with(AuditField.BATCH, batch)
        .with(AuditField.SOURCE, source)
        .with(AuditField.LOCATION, location)
        .with(AuditField.DATABASE, database)
        .with(AuditField.TABLE, table)
        .with(AuditField.FORMAT, format)
        .with(AuditField.DEAD_ROWS, letters)
        .with(AuditField.OUTCOME, outcome)
        .with(AuditField.REASON, reason)
        .with(AuditField.ORDERED_BY, by)
        .with(AuditField.PLANNED_AT, at)
        .build();
  }
}
