package io.waybill.schedule;

/** What becomes of due times at which nothing was serving. */
public enum CatchUp {
  /** They are noted as missed. */
  NONE,
  /** The last of them is made up for. */
  LAST,
  /** Each of them is made up for. */
  ALL
}
