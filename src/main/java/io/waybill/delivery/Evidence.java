package io.waybill.delivery;

/** What ClickHouse can tell of a batch that may or may not have arrived. */
public sealed interface Evidence {

  /**
   * The table notes the batch of each row.
   *
   * @param found rows that are there under any token of the batch
   * @param expected rows of the batch
   */
  record Counted(long found, long expected) implements Evidence {}

  /**
   * Its rows cannot be counted.
   *
   * @param why in words
   * @param remedy what a person can do
   */
  record Unverifiable(String why, String remedy) implements Evidence {}
}
