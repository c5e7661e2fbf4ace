package io.waybill.app;

import io.waybill.delivery.Ledger;
import io.waybill.delivery.Run;
import java.time.Clock;

/** Runs that a crash left behind: nobody runs them, until their source is offered again. */
final class Interrupted {
  private Interrupted() {}

  static void note(Ledger ledger, Clock clock) {
    for (Run run : ledger.interruptedRuns()) {
      ledger.interrupt(
          run.id(),
          "Waybill ended while it ran",
          "it goes on when its source is read again",
          clock.instant());
    }
  }
}
