package io.waybill.ledger;

class PruningPostgresIT extends PruningTest {
  @Override
  TestLedger store() {
    return TestLedger.inPostgres(folder);
  }
}
