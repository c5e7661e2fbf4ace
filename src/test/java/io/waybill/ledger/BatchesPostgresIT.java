package io.waybill.ledger;

class BatchesPostgresIT extends BatchesTest {
  @Override
  TestLedger store() {
    return TestLedger.inPostgres(home);
  }
}
