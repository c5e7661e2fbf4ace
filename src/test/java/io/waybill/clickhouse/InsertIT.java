package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.batch.Format;
import io.waybill.clickhouse.BlockSettings.UnknownFields;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.RefusedBatchException;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.testing.TestClickHouse;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The insert path against a real ClickHouse, read back without Waybill's client. */
class InsertIT {
  private final String database = TestClickHouse.createDatabase();
  private final TableName table = new TableName(database, "odd `name`");
  private ClickHouseClient client;
  private SortedMap<String, String> settings;

  @BeforeEach
  void createTable() {
    client = new ClickHouseClient(Connections.admin());
    settings = BlockSettings.forServer(client.facts(), UnknownFields.HOLD);
    client.execute(
        "CREATE TABLE "
            + table.quoted()
            + " (id Int64, `na me` String DEFAULT 'none', _waybill_batch LowCardinality(String)"
            + " DEFAULT getSetting('insert_deduplication_token')) ENGINE = MergeTree ORDER BY id"
            + " SETTINGS non_replicated_deduplication_window = 100");
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aBatchArrivesWithItsPapers() {
    String body = "1,a\n2,b\n";
    BatchPlan plan = plan(Format.CSV, body);

    InsertReceipt receipt = client.insert(plan, Plans.body(body), Circumstances.FIRST);

    assertThat(receipt.proves(plan)).isTrue();
    assertThat(receipt.writtenRows()).isEqualTo(2);
    assertThat(receipt.user()).isEqualTo(TestClickHouse.user());
    assertThat(receipt.server()).isNotEmpty();
    assertThat(rows()).isEqualTo("1\ta\t" + plan.token() + "\n2\tb\t" + plan.token());
    assertThat(papersOf(plan))
        .contains("\"flow\":\"trips\"")
        .contains("\"run\":\"run-1\"")
        .contains("\"batch\":\"" + plan.id() + "\"")
        .contains("\"attempt\":1")
        .contains("\"waybill\":\"dev\"");
  }

  @Test
  void theSameBatchSentAgainIsThereOnce() {
    String body = "id,na me\n1,a\n";
    BatchPlan plan = plan(Format.CSV_WITH_NAMES, body);

    client.insert(plan, Plans.body(body), Circumstances.FIRST);
    client.insert(plan, Plans.body(body), new Circumstances(2, true));

    assertThat(rows()).isEqualTo("1\ta\t" + plan.token());
  }

  @Test
  void aColumnThatTheHeaderLeavesOutTakesItsDefault() {
    String body = "id\n7\n";
    BatchPlan plan = plan(Format.CSV_WITH_NAMES, body);
    client.insert(plan, Plans.body(body), Circumstances.FIRST);
    assertThat(rows()).isEqualTo("7\tnone\t" + plan.token());
  }

  @Test
  void allSettingsOfThePlanArriveAtTheServer() {
    String body = "{\"id\":1}\n";
    BatchPlan plan = plan(Format.JSON_EACH_ROW, body);
    client.insert(plan, Plans.body(body), Circumstances.FIRST);
    String changed = logged(plan, "toString(mapFilter((k, v) -> v != '', Settings))");
    assertThat(changed)
        .contains("'max_insert_block_size':'10000000'")
        .contains("'async_insert':'0'")
        .contains("'input_format_skip_unknown_fields':'0'");
  }

  @Test
  void theBodyIsWrittenInTheCallersThread() {
    AtomicReference<Thread> writer = new AtomicReference<>();
    String body = "1,a\n";
    client.insert(
        plan(Format.CSV, body),
        out -> {
          writer.set(Thread.currentThread());
          Plans.body(body).writeTo(out);
        },
        Circumstances.FIRST);
    assertThat(writer.get()).isSameAs(Thread.currentThread());
  }

  @Test
  void lz4BringsTheSameRows() {
    String body = "1,a\n2,b\n";
    BatchPlan plan = plan(Format.CSV, body);
    try (ClickHouseClient packed =
        new ClickHouseClient(Connections.admin().withCompression(Compression.LZ4))) {
      packed.insert(plan, Plans.body(body), Circumstances.FIRST);
      assertThat(packed.queryText("SELECT id FROM " + table.quoted() + " ORDER BY id"))
          .isEqualTo("1\n2");
      RefusedBatchException refused =
          catchThrowableOfType(
              RefusedBatchException.class,
              () -> packed.insert(plan(Format.CSV, "x"), Plans.body("x,y\n"), Circumstances.FIRST));
      assertThat(refused.failure().code()).isEqualTo(27);
    }
  }

  @Test
  void aRefusedBatchLeavesNothingAndQuotesNoValue() {
    String body = "1,fine\nsecret,row\n";
    RefusedBatchException refused =
        catchThrowableOfType(
            RefusedBatchException.class,
            () -> client.insert(plan(Format.CSV, body), Plans.body(body), Circumstances.FIRST));
    assertThat(refused).hasNoCause();
    assertThat(refused.failure().verdict()).isEqualTo(Verdict.ISOLATE);
    assertThat(refused.failure().reason())
        .isEqualTo("ClickHouse refused the content at row 2, column id");
    assertThat(refused).hasMessageNotContainingAny("secret", "fine");
    assertThat(rows()).isEmpty();
  }

  @Test
  void anInsertWithoutPlanCountsItsRows() {
    InsertRequest request =
        InsertRequest.into(table, "JSONEachRow")
            .withColumns(List.of("id", "na me"))
            .withSettings(Map.of("async_insert", "0"))
            .withToken("t-1")
            .withPapers("plain-" + database, "by hand");
    assertThat(client.insert(request, Plans.body("{\"id\":1,\"na me\":\"x\"}\n"))).isEqualTo(1);
    assertThat(rows()).isEqualTo("1\tx\tt-1");
  }

  private BatchPlan plan(Format format, String body) {
    return Plans.of(table, List.of("id", "na me"), format, settings, body);
  }

  private String rows() {
    return TestClickHouse.query("SELECT * FROM " + table.quoted() + " ORDER BY id");
  }

  private String papersOf(BatchPlan plan) {
    return logged(plan, "log_comment");
  }

  private static String logged(BatchPlan plan, String what) {
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    return TestClickHouse.query(
        "SELECT "
            + what
            + " FROM system.query_log WHERE type = 'QueryFinish' AND query_id = '"
            + plan.id()
            + "' FORMAT TSVRaw");
  }
}
