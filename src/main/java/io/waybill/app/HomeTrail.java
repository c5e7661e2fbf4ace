package io.waybill.app;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditLog;
import io.waybill.delivery.LedgerException;
import io.waybill.ledger.LedgerVisit;

/** The trail of a home, for a command beside the process that may serve it. Thread-safe. */
record HomeTrail(Home home, WaybillConfig config) implements AuditLog {

  @Override
  public void note(AuditEvent event) {
    try (LedgerSite site = LedgerSite.of(home, config);
        LedgerVisit visit = site.visit()) {
      visit.note(event);
    } catch (ConfigurationException e) {
      throw new LedgerException(e.getMessage(), e);
    }
  }
}
