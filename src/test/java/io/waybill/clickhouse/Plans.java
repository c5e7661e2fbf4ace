package io.waybill.clickhouse;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import io.waybill.batch.Position;
import io.waybill.delivery.Attempts;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeliveryException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.TableName;
import io.waybill.testing.TestClickHouse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Clients of the test server, and plans of batches for its tables. */
final class Plans {
  private Plans() {}

  static ClickHouseClient client() {
    return client(TestClickHouse.url(), TestClickHouse.user(), TestClickHouse.password());
  }

  static ClickHouseClient clientOf(String user) {
    return client(TestClickHouse.url(), user, TestClickHouse.EXTRA_PASSWORD);
  }

  static ClickHouseClient client(String url, String user, String password) {
    return client(url, user, password, Duration.ofSeconds(60));
  }

  static ClickHouseClient client(String url, String user, String password, Duration answer) {
    return new ClickHouseClient(
        new ClickHouseConnection(url, user, password, Duration.ofSeconds(5), answer, false),
        "test");
  }

  /** A plan as Waybill makes one for this table, as the table is now. */
  static BatchPlan plan(TableName table, Format format) {
    return plan(table, format, Map.of());
  }

  static BatchPlan plan(TableName table, Format format, Map<String, String> settings) {
    try (ClickHouseClient client = client()) {
      Tables tables = new Tables(client);
      InsertShape shape =
          new InsertShape(
              table,
              tables.uuid(table).orElse(""),
              tables.insertable(table),
              format,
              BlockSettings.of(ServerFacts.ask(client).settings(), false, settings),
              1,
              tables.hasProvenance(table));
      return plan(shape);
    }
  }

  static BatchPlan plan(InsertShape shape) {
    String id = UUID.randomUUID().toString();
    return new BatchPlan(
        id,
        "flow",
        "run",
        1,
        "source",
        1,
        new Position(0, 1, 1, 1),
        1,
        "digest",
        "token-" + id,
        shape,
        Instant.now().minusSeconds(10),
        "",
        List.of());
  }

  /** So many attempts, the last of which is about to be made, all in one pass. */
  static Attempts attempts(BatchPlan plan, int number) {
    Attempts attempts = Attempts.uncounted(plan, List.of(), false, renewed -> {});
    for (int i = 0; i < number; i++) {
      var unused = attempts.begin();
    }
    return attempts;
  }

  static Payload payload(String text) {
    return Payload.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What came of sending a batch; null if it arrived. Whether the server was started since is no
   * matter: another test may have done so.
   */
  static Failure send(ClickHouseClient client, BatchPlan plan, int attempt, String records) {
    return send(client, plan, attempt, records.getBytes(StandardCharsets.UTF_8));
  }

  static Failure send(ClickHouseClient client, BatchPlan plan, int attempt, byte[] records) {
    try {
      var unused =
          new BatchInserter(client, Duration.ofDays(7))
              .insert(attempts(plan, attempt), Payload.of(records), "", true);
      return null;
    } catch (DeliveryException e) {
      return e.failure();
    }
  }
}
