package io.waybill.camel;

import io.waybill.clickhouse.ClickHouseClient;

/** The ClickHouse servers that flows may name. Thread-safe. */
@FunctionalInterface
public interface ClickHouses {

  /**
   * The client of an account.
   *
   * @throws IllegalArgumentException if there is no connection of this name
   */
  ClickHouseClient of(Account account);
}
