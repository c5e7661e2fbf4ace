package io.waybill.delivery;

import java.time.Duration;

/**
 * What the {@code clickhouse:} producer leaves on the exchange when ClickHouse took a batch;
 * without it nothing is settled.
 *
 * @param batch batch id
 * @param token token that was sent
 * @param queryId query id that was sent
 * @param digest hex SHA-256 of the bytes that were sent
 * @param writtenRows what ClickHouse counted; a dropped duplicate counts as well
 * @param server host that answered, as ClickHouse names itself
 * @param user ClickHouse user that wrote
 * @param elapsed from the first byte sent to the answer
 */
public record InsertReceipt(
    String batch,
    String token,
    String queryId,
    String digest,
    long writtenRows,
    String server,
    String user,
    Duration elapsed) {

  /** Whether this is the receipt of that very plan. */
  public boolean proves(BatchPlan plan) {
    return batch.equals(plan.id()) && token.equals(plan.token()) && digest.equals(plan.digest());
  }
}
