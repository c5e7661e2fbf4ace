package io.waybill.clickhouse;

import io.waybill.batch.Format;
import io.waybill.batch.Position;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.TableName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/** Plans for tests. */
final class Plans {
  private Plans() {}

  static BatchPlan of(
      TableName table,
      List<String> columns,
      Format format,
      SortedMap<String, String> settings,
      String body) {
    return of(new InsertShape(table, "", columns, format, settings, 1), body);
  }

  static BatchPlan of(InsertShape shape, String body) {
    String id = UUID.randomUUID().toString();
    return new BatchPlan(
        id,
        "trips",
        "run-1",
        1,
        "trips.csv",
        1,
        new Position(0, body.length(), 1, body.lines().count()),
        body.length(),
        "digest-" + id,
        "token-" + id,
        shape,
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  static BodyWriter body(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
