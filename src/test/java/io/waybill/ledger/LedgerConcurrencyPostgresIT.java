package io.waybill.ledger;

class LedgerConcurrencyPostgresIT extends LedgerConcurrencyTest {
  @Override
  TestLedger store() {
    return TestLedger.inPostgres(home);
  }
}
