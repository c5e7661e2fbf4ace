package io.waybill.delivery;

import java.util.concurrent.atomic.LongAdder;

/** What one offer of a source brought. Thread-safe. */
final class Tally {
  private final LongAdder rows = new LongAdder();
  private final LongAdder deadRows = new LongAdder();

  void add(Waybill waybill) {
    deadRows.add(waybill.deadRows());
    if (waybill.state() == BatchState.COMMITTED) {
      rows.add(waybill.plan().rows());
    }
  }

  long rows() {
    return rows.sum();
  }

  long deadRows() {
    return deadRows.sum();
  }

  boolean isEmpty() {
    return rows() == 0 && deadRows() == 0;
  }
}
