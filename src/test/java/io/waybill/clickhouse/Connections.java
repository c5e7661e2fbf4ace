package io.waybill.clickhouse;

import io.waybill.testing.TestClickHouse;

/** Connections to the tests' ClickHouse. */
final class Connections {
  private Connections() {}

  static ClickHouseConnection admin() {
    return ClickHouseConnection.of(
        TestClickHouse.url(), TestClickHouse.user(), TestClickHouse.password());
  }

  static ClickHouseConnection as(String user) {
    return admin().as(user, TestClickHouse.EXTRA_PASSWORD);
  }
}
