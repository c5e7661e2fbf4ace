package io.waybill.ledger;

class LedgerReaderPostgresIT extends LedgerReaderTest {
  @Override
  TestLedger store() {
    return TestLedger.inPostgres(home);
  }
}
