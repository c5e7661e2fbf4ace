package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.Format;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Failure;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.testing.TestClickHouse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftIT {
  private static final String CANARY = "canary7f3a";
  private TableName table;
  private ClickHouseClient client;

  @BeforeEach
  void makeTable() {
    table = new TableName(TestClickHouse.createDatabase(), "t");
    TestClickHouse.execute(
        "CREATE TABLE %s (a UInt32, b String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100"
            .formatted(table.quoted()));
    client = Plans.client();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private String rows() {
    return TestClickHouse.query("SELECT * FROM " + table.quoted() + " ORDER BY a");
  }

  private static void executeRemedy(Failure failure) {
    String remedy = failure.remedy().replaceFirst("; or set unknownFields=skip.*", "");
    assertThat(remedy).startsWith("ALTER TABLE ");
    for (String alter : remedy.split("; ", -1)) {
      TestClickHouse.execute(alter);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"late", "two words", "it's: quoted", "back`quote", "größe", "a.b"})
  void aFieldThatComesLateInABatchHoldsItAndTheAlterTableThatIsPrintedLetsItGo(String field) {
    StringBuilder records = new StringBuilder();
    for (int i = 1; i <= 30_000; i++) {
      records.append("{\"a\":").append(i).append(",\"b\":\"").append(CANARY).append("\"}\n");
    }
    records.append("{\"a\":30001,\"b\":\"x\",\"" + field + "\":4711}\n");
    BatchPlan plan = Plans.plan(table, Format.JSON_EACH_ROW);

    Failure failure = Plans.send(client, plan, 1, records.toString());

    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.reason()).contains(field);
    assertThat(failure.remedy())
        .contains("ADD COLUMN " + TableName.quote(field) + " Nullable(Int64)");
    assertThat(failure.toString()).doesNotContain(CANARY).doesNotContain("4711");
    assertThat(rows()).isEmpty();

    executeRemedy(failure);
    assertThat(Plans.send(client, plan, 2, records.toString())).isNull();
    assertThat(Plans.send(client, plan, 3, records.toString())).isNull();
    assertThat(
            TestClickHouse.query(
                "SELECT count(), sum(a), sum(%s) FROM %s"
                    .formatted(TableName.quote(field), table.quoted())))
        .isEqualTo("30001\t450045001\t4711");
  }

  @Test
  void namesEveryColumnThatTheLateRecordsHaveAndTheTableHasNot() {
    BatchPlan plan = Plans.plan(table, Format.JSON_EACH_ROW);
    String records = "{\"a\":1}\n{\"a\":2,\"c\":\"2024-05-06\",\"d\":[1.5]}\n";

    Failure failure = Plans.send(client, plan, 1, records);

    assertThat(failure.remedy())
        .contains("ADD COLUMN `c` Nullable(Date32); ALTER TABLE")
        .contains("ADD COLUMN `d` Array(Nullable(Float64))");
    executeRemedy(failure);
    assertThat(Plans.send(client, plan, 2, records)).isNull();
    assertThat(rows()).isEqualTo("1\t\t\\N\t[]\n2\t\t2024-05-06\t[1.5]");
  }

  @Test
  void aColumnInTheHeaderLineThatTheTableHasNotHoldsWithItsAlterTable() {
    BatchPlan plan = Plans.plan(table, Format.CSV_WITH_NAMES);
    String records = "a,b,net weight\n1," + CANARY + ",2.5\n";

    Failure failure = Plans.send(client, plan, 1, records);

    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.toString()).doesNotContain(CANARY);
    executeRemedy(failure);
    assertThat(Plans.send(client, plan, 2, records)).isNull();
    assertThat(rows()).isEqualTo("1\t" + CANARY + "\t2.5");
  }

  @Test
  void aBatchThatWentWithTheAddedColumnGoesOnceWhenItIsSentAgainAsPlanned() {
    BatchPlan plan = Plans.plan(table, Format.JSON_EACH_ROW);
    String records = "{\"a\":1,\"c\":1}\n";
    executeRemedy(Plans.send(client, plan, 1, records));
    assertThat(Plans.send(client, plan, 2, records)).isNull();
    TestClickHouse.execute("ALTER TABLE " + table.quoted() + " ADD COLUMN z String DEFAULT 'z'");
    assertThat(Plans.send(client, plan, 3, records)).isNull();
    assertThat(rows()).isEqualTo("1\t\t1\tz");
  }

  @Test
  void aTableThatWasReplacedHoldsInsteadOfTakingTheBatchTwice() {
    BatchPlan plan = Plans.plan(table, Format.JSON_EACH_ROW);
    assertThat(Plans.send(client, plan, 1, "{\"a\":1}\n")).isNull();
    TestClickHouse.execute("CREATE TABLE " + table.database() + ".u AS " + table.quoted());
    TestClickHouse.execute("EXCHANGE TABLES " + table.quoted() + " AND " + table.database() + ".u");

    Failure failure = Plans.send(client, plan, 2, "{\"a\":1}\n");

    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.name()).isEqualTo("TABLE_REPLACED");
    assertThat(rows()).isEmpty();
  }

  @Test
  void refusedContentIsNotIsolatedWhenTheTableChangedSinceThePlan() {
    BatchPlan plan = Plans.plan(table, Format.CSV, Map.of());
    TestClickHouse.execute("ALTER TABLE " + table.quoted() + " MODIFY COLUMN b UInt8");

    assertThat(Plans.send(client, plan, 2, "1,text\n").verdict()).isEqualTo(Verdict.HOLD);
  }
}
