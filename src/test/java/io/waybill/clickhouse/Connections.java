package io.waybill.clickhouse;

import io.waybill.testing.TestClickHouse;
import java.time.Duration;

/** Connections to the tests' ClickHouse, and to other addresses. */
final class Connections {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Connections() {}

  static ClickHouseClient admin() {
    return client(TestClickHouse.url(), TestClickHouse.user(), TestClickHouse.password());
  }

  static ClickHouseClient as(String user) {
    return client(TestClickHouse.url(), user, TestClickHouse.EXTRA_PASSWORD);
  }

  static ClickHouseClient client(String url, String user, String password) {
    return new ClickHouseClient(connection(url, user, password, PATIENCE, false), "test");
  }

  static ClickHouseConnection connection(
      String url, String user, String password, Duration socketTimeout, boolean compress) {
    return new ClickHouseConnection(url, user, password, PATIENCE, socketTimeout, compress);
  }
}
