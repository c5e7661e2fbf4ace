package io.waybill.delivery;

/** Why a source is delivered. */
public enum Demand {
  /** It was offered, as each time that it is read. */
  OFFERED,
  /** It was offered to take the place of all that was delivered before. */
  RELOAD,
  /** Somebody wants its unfinished run to go on, also one that failed. */
  RERUN,
  /** Somebody wants all of it once more, beside what was delivered before. */
  AGAIN,
  /** The same, and batches in doubt are given up: what of them arrived stays. */
  AGAIN_ABANDONING
}
