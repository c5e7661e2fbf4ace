package io.waybill.delivery;

/** What an answer of ClickHouse, or its absence, means for a batch. */
public enum Verdict {
  /** Nothing was applied and it may work later: same bytes, same token, back-off. */
  RETRY,
  /** An earlier attempt still runs: wait for it; this is no attempt. */
  WAIT,
  /** It may have been applied: only ever the same bytes with the same token; hold after the cap. */
  UNKNOWN,
  /** The content was refused and nothing was applied: find the bad records. */
  ISOLATE,
  /** The server's or the operator's mistake, nothing applied: hold the run, touch nothing. */
  HOLD,
  /** ClickHouse says that it has the batch already. */
  SETTLED
}
