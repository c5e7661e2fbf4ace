package io.waybill.delivery;

import io.waybill.batch.BatchSource;
import java.io.IOException;

/** What holds a delivery that is no answer of ClickHouse. */
final class Held {
  private Held() {}

  static HeldDeliveryException unreadable(BatchSource source, IOException cause) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            0,
            "SOURCE_UNREADABLE",
            "cannot read " + source.location() + ": " + cause.getMessage(),
            "make it readable; the flow goes on by itself"),
        cause);
  }

  /** Something that nobody foresaw: the data is safe, and it must not be tried in a tight loop. */
  static HeldDeliveryException internal(RuntimeException cause) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            0,
            "INTERNAL",
            "an unforeseen " + cause.getClass().getName() + " stopped the run",
            "the log has its trace; please report it"),
        cause);
  }

  static HeldDeliveryException byLedger(LedgerException e) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            0,
            "LEDGER",
            e.getMessage(),
            "nothing is sent until the ledger can be written; see docs/operations.md#ledger"),
        e);
  }

  /** A failure in the form that others know it by. */
  static RuntimeException known(RuntimeException thrown) {
    if (thrown instanceof LedgerException ledger) {
      return byLedger(ledger);
    }
    return thrown instanceof HeldDeliveryException
            || thrown instanceof RunFailedException
            || thrown instanceof DeliveryStoppedException
        ? thrown
        : internal(thrown);
  }
}
