package io.waybill.ledger;

class AuditOutboxPostgresIT extends AuditOutboxTest {
  @Override
  TestLedger store() {
    return TestLedger.inPostgres(home);
  }
}
