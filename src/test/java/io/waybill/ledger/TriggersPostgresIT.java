package io.waybill.ledger;

class TriggersPostgresIT extends TriggersTest {
  @Override
  TestLedger store() {
    return TestLedger.inPostgres(folder);
  }
}
