package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.Format;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.TableName;
import io.waybill.testing.TestClickHouse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockSettingsIT {
  private static final int ROWS = 250_000;

  @ParameterizedTest
  @EnumSource(Format.class)
  void aBatchIsOnePartAndItsTokenCountsOnce(Format format) {
    TableName table = new TableName(TestClickHouse.createDatabase(), "t");
    TestClickHouse.execute(
        "CREATE TABLE %s (a UInt32, b String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100"
            .formatted(table.quoted()));
    TestClickHouse.execute("SYSTEM STOP MERGES " + table.quoted());
    String records = records(format);
    String state =
        "SELECT (SELECT count() FROM system.parts WHERE active AND database = '%s'), count(), sum(a) FROM %s"
            .formatted(table.database(), table.quoted());
    try (ClickHouseClient client = Plans.client()) {
      BatchPlan plan = Plans.plan(table, format);
      assertThat(Plans.send(client, plan, 1, records)).isNull();
      assertThat(TestClickHouse.query(state)).isEqualTo("1\t250000\t31250125000");
      assertThat(Plans.send(client, plan, 2, records)).isNull();
      assertThat(TestClickHouse.query(state)).isEqualTo("1\t250000\t31250125000");

      assertThat(Plans.send(client, Plans.plan(table, format), 1, records)).isNull();
      assertThat(TestClickHouse.query(state)).isEqualTo("2\t500000\t62500250000");
    }
  }

  private static String records(Format format) {
    StringBuilder text = new StringBuilder();
    if (format.hasHeader()) {
      text.append(format == Format.TSV_WITH_NAMES ? "a\tb\n" : "a,b\n");
    }
    for (int i = 1; i <= ROWS; i++) {
      String record =
          switch (format) {
            case CSV, CSV_WITH_NAMES -> i + ",row " + i;
            case TSV, TSV_WITH_NAMES -> i + "\trow " + i;
            case JSON_EACH_ROW -> "{\"a\":" + i + ",\"b\":\"row " + i + "\"}";
          };
      text.append(record).append('\n');
    }
    return text.toString();
  }
}
