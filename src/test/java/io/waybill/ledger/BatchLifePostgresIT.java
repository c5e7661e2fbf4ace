package io.waybill.ledger;

/** Shorter sequences: each event is synced and takes its way over the network. */
class BatchLifePostgresIT extends BatchLifeTest {
  private static final int LONGEST = 4;

  @Override
  JdbcLedger ledger() {
    return TestLedger.inPostgres(folder).open();
  }

  @Override
  int longest() {
    return LONGEST;
  }
}
