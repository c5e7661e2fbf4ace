package io.waybill.app;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.AuditLog;
import io.waybill.control.Caller;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.TableName;
import io.waybill.policy.Decision;
import io.waybill.policy.Identity;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes who logged in and who was refused, in the log and in the trail. What is refused stays
 * refused where the trail cannot be written. Thread-safe.
 */
final class AccessTrail {
  private static final Logger LOG = LoggerFactory.getLogger(AccessTrail.class);
  private final Supplier<Optional<AuditLog>> trail;
  private final Clock clock;

  /**
   * A trail.
   *
   * @param trail empty while there is no ledger yet
   */
  AccessTrail(Supplier<Optional<AuditLog>> trail, Clock clock) {
    this.trail = trail;
    this.clock = clock;
  }

  void loggedIn(Identity who, String action) {
    LOG.info("{}: {}", action, Caller.signature(who));
    note(event(AuditKind.LOGIN, who, action).with(AuditField.OUTCOME, "done").build());
  }

  void denied(Identity who, String action, Decision why) {
    denied(who, action, Optional.empty(), why);
  }

  /**
   * Notes a refusal.
   *
   * @param table what it was about, if it was about one
   */
  void denied(Identity who, String action, Optional<TableName> table, Decision why) {
    LOG.warn("denied: {} by {}: {}", action, Caller.signature(who), why);
    note(
        event(AuditKind.DENIED, who, action)
            .with(AuditField.DATABASE, table.map(TableName::database).orElse(""))
            .with(AuditField.TABLE, table.map(TableName::table).orElse(""))
            .with(AuditField.OUTCOME, "denied")
            .with(AuditField.REASON, why.reason())
            .with(AuditField.RULE, why.line())
            .build());
  }

  private AuditEvent.Builder event(AuditKind kind, Identity who, String action) {
    return AuditEvent.of(kind, clock.instant())
        .with(AuditField.ORDERED_BY, Caller.signature(who))
        .with(AuditField.IDENTITY_SOURCE, who.source())
        .with(AuditField.ACTION, action);
  }

  private void note(AuditEvent event) {
    try {
      trail.get().ifPresent(it -> it.note(event));
    } catch (LedgerException e) {
      LOG.error("this is not in the trail: {}", e.getMessage());
    }
  }
}
