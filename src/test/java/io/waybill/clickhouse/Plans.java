package io.waybill.clickhouse;

import io.waybill.batch.Format;
import io.waybill.batch.Position;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.TableName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Plans and requests for tests. */
final class Plans {
  private Plans() {}

  /** A plan for the table as it is now. */
  static BatchPlan of(ClickHouseClient client, TableName table, Format format, String body) {
    return of(client, table, format, body, Map.of());
  }

  static BatchPlan of(
      ClickHouseClient client,
      TableName table,
      Format format,
      String body,
      Map<String, String> further) {
    Tables tables = new Tables(client);
    return of(
        new InsertShape(
            table,
            tables.uuid(table).orElse(""),
            tables.insertable(table),
            format,
            BlockSettings.of(ServerFacts.ask(client).settings(), false, further),
            1),
        body);
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

  /** An insert with nothing special about it. */
  static InsertRequest plain(TableName table, String format, String body) {
    return new InsertRequest(
        table,
        List.of(),
        format,
        Map.of("async_insert", "0"),
        "",
        "",
        "",
        "",
        out -> out.write(body.getBytes(StandardCharsets.UTF_8)));
  }
}
