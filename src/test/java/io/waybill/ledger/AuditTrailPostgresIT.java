package io.waybill.ledger;

class AuditTrailPostgresIT extends AuditTrailTest {
  @Override
  TestLedger store() {
    return TestLedger.inPostgres(home);
  }
}
