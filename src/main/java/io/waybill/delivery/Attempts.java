package io.waybill.delivery;

import java.util.function.Supplier;

/** Counts the attempts of one batch in the ledger. Used by one thread at a time. */
public final class Attempts {
  private final Supplier<Integer> next;
  private int number;

  private Attempts(int number, Supplier<Integer> next) {
    this.number = number;
    this.next = next;
  }

  /** Of a batch that was just planned: the plan counts as the note of attempt 1. */
  static Attempts ofFresh(Ledger ledger, BatchPlan plan) {
    return new Attempts(0, () -> ledger.nextAttempt(plan.id()));
  }

  /** Of a batch that may have been sent before. */
  static Attempts ofPlanned(Ledger ledger, LedgerBatch batch) {
    return new Attempts(batch.attempts(), () -> ledger.nextAttempt(batch.plan().id()));
  }

  /** A batch that is not in the ledger's batches, as those of the audit trail. */
  public static Attempts unrecorded() {
    int[] count = {1};
    return new Attempts(0, () -> ++count[0]);
  }

  /** Notes that the batch is about to be sent; the note is durable when this returns. */
  public int begin() {
    number = number == 0 ? 1 : next.get();
    return number;
  }

  /** The attempt that runs, or ran last. */
  public int current() {
    return Math.max(number, 1);
  }
}
