package io.waybill.delivery;

import java.util.List;

/** What is to be done about a source that was offered. */
sealed interface Start {

  /** Nothing: it was delivered by this run. */
  record Unchanged(Unit unit, Run run) implements Start {}

  /** Nothing can be done: planned batches do not match it any more. */
  record Fail(Unit unit, Run run, String reason, String remedy, boolean repeated)
      implements Start {}

  /**
   * Deliver it, from its beginning or from where it was left.
   *
   * @param inDoubt planned batches, to be sent again first, in the order of their positions
   * @param offset byte of the uncompressed source to cut on from
   * @param nextRecord number of the record there
   * @param nextSequence number of the run's next batch
   * @param resumed whether the run had begun before
   * @param records how many records of the run were planned before
   * @param deadRows how many of the records are dead letters
   * @param note what is to be said of the run when it is complete; may be empty
   */
  record Go(
      Unit unit,
      Run run,
      List<LedgerBatch> inDoubt,
      long offset,
      long nextRecord,
      long nextSequence,
      boolean resumed,
      long records,
      long deadRows,
      String note)
      implements Start {}
}
