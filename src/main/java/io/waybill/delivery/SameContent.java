package io.waybill.delivery;

/** What to do with content that was delivered under another name already. */
public enum SameContent {
  /** Deliver it, since another name is another unit, and say whose content it has. */
  NOTE,
  /** Take it for delivered. */
  SKIP,
  /** Hold the flow. */
  HOLD,
  /** Do not look: the source has no name that means anything. */
  IGNORE
}
