package io.waybill.delivery;

import java.util.List;

/**
 * A batch as the ledger knows it.
 *
 * @param plan its plan
 * @param state its state
 * @param attempts how often it was or is about to be sent; 1 from the plan on
 * @param refused of how many of the attempts it is known that they applied nothing
 * @param formerTokens tokens that it was sent under before the one in its plan, the first one first
 */
public record LedgerBatch(
    BatchPlan plan, BatchState state, int attempts, int refused, List<String> formerTokens) {

  /** Whether it is known that no attempt applied anything. */
  boolean isUntouched() {
    return attempts == refused;
  }

  LedgerBatch with(BatchPlan another) {
    return new LedgerBatch(another, state, attempts, refused, formerTokens);
  }
}
