package io.waybill.app;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.delivery.Ledger;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import java.time.Clock;

/** Runs that a crash left behind: nobody runs them, until their source is offered again. */
final class Interrupted {
  /** Never the stamp of a source, so that it is looked at when it is offered. */
  private static final Stamp UNKNOWN = new Stamp(-1, -1);

  private Interrupted() {}

  static void note(Ledger ledger, Clock clock) {
    for (Run run : ledger.interruptedRuns()) {
      ledger.endRun(
          run.id(),
          RunState.HELD,
          "Waybill ended while it ran",
          "it goes on when its source is read again",
          UNKNOWN,
          clock.instant());
    }
  }
}
