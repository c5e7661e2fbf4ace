package io.waybill.audit;

/**
 * How far a chain is. There is one for each epoch of a ledger; the first event of an epoch holds
 * the hash of the last one that the ledger knew of the epoch before.
 *
 * @param ledger id of the ledger
 * @param epoch its epoch
 * @param seq number of the last event
 * @param hash its hash; {@link #NOTHING} where a chain begins
 */
public record ChainPoint(String ledger, int epoch, long seq, String hash) {
  /** The hash before the first event of a ledger. */
  public static final String NOTHING = "0".repeat(64);

  /** A ledger that has hashed nothing yet has no hash. */
  public ChainPoint {
    if (hash.isEmpty()) {
      hash = NOTHING;
    }
  }
}
