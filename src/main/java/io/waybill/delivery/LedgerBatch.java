package io.waybill.delivery;

/**
 * A batch as the ledger knows it.
 *
 * @param plan its plan
 * @param state its state
 * @param attempts how often it was or is about to be sent; 1 from the plan on
 */
public record LedgerBatch(BatchPlan plan, BatchState state, int attempts) {}
