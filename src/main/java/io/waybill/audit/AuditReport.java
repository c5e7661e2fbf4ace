package io.waybill.audit;

import java.util.List;
import java.util.Optional;

/**
 * What came of verifying a copy of the trail.
 *
 * @param findings what is wrong, at most {@link #MOST}
 * @param count how many there are
 * @param chains the chains that were seen, by ledger and epoch
 */
public record AuditReport(List<Finding> findings, long count, List<Chain> chains) {
  /** How many findings are named. */
  public static final int MOST = 1_000;

  /**
   * A chain.
   *
   * @param ledger id of the ledger
   * @param epoch its epoch
   * @param from number of the first event that is there
   * @param to number of the last one
   * @param events how many are there
   * @param pruned how many of them have no content any more
   * @param unhashed how many are from before there were hashes, of which nothing is proved
   * @param head the last signed head that is known, genuine and by a known key
   */
  public record Chain(
      String ledger,
      int epoch,
      long from,
      long to,
      long events,
      long pruned,
      long unhashed,
      Optional<SignedHead> head) {}

  /** Whether nothing is wrong. */
  public boolean isWhole() {
    return count == 0;
  }
}
