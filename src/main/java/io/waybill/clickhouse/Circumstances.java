package io.waybill.clickhouse;

/**
 * What has to be known beside an error to judge it.
 *
 * @param attempt number of the attempt, from 1
 * @param shapeUnchanged whether the table still has the UUID and the columns of the plan; after an
 *     ALTER between two attempts a refusal says nothing about the content
 */
public record Circumstances(int attempt, boolean shapeUnchanged) {

  /** A first attempt: there was no time for the table to change. */
  public static final Circumstances FIRST = new Circumstances(1, true);

  /** Whether a refusal can be blamed on the content. */
  boolean blamesContent() {
    return attempt <= 1 || shapeUnchanged;
  }
}
