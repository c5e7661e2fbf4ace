package io.waybill.camel;

import io.waybill.clickhouse.ClickHouseClient;

/** The ClickHouse servers that flows may name. Thread-safe. */
@FunctionalInterface
public interface ClickHouses {

  /**
   * The client of a named connection.
   *
   * @param name name of the connection; empty for the default one
   * @throws IllegalArgumentException if there is none of this name
   */
  ClickHouseClient named(String name);
}
