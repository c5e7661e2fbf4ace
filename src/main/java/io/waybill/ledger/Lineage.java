package io.waybill.ledger;

import java.util.List;

/**
 * Where rows came from: what the ledger knows of a batch and its run.
 *
 * @param batch the batch
 * @param run its run
 * @param formerTokens tokens that it was sent under before the one that it has
 * @param children batches that came in its place
 */
public record Lineage(
    BatchRow batch, RunRow run, List<String> formerTokens, List<BatchRow> children) {
  public Lineage {
    formerTokens = List.copyOf(formerTokens);
    children = List.copyOf(children);
  }
}
