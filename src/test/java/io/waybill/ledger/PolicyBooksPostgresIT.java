package io.waybill.ledger;

class PolicyBooksPostgresIT extends PolicyBooksTest {
  @Override
  TestLedger store() {
    return TestLedger.inPostgres(folder);
  }
}
