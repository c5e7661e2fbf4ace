package io.waybill.ledger;

class UnitsAndRunsPostgresIT extends UnitsAndRunsTest {
  @Override
  TestLedger store() {
    return TestLedger.inPostgres(home);
  }
}
