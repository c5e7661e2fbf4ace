package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.RefusedBatchException;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.testing.TestClickHouse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The insert path against a real ClickHouse, read back without Waybill's client. */
class InsertIT {
  private final TableName table = new TableName(TestClickHouse.createDatabase(), "odd `name`");
  private final ClickHouseClient client = Plans.client();
  private final BatchInserter inserter = new BatchInserter(client, Duration.ofDays(7));

  @BeforeEach
  void createTable() {
    create(table);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aBatchArrivesWithItsPapers() {
    String body = "1,a\n2,b\n";
    BatchPlan plan = Plans.plan(table, Format.CSV);

    InsertReceipt receipt = send(plan, body, 1);

    assertThat(receipt.proves(plan)).isTrue();
    assertThat(receipt.writtenRows()).isEqualTo(2);
    assertThat(receipt.user()).isEqualTo(TestClickHouse.user());
    assertThat(receipt.server()).isNotEmpty();
    assertThat(rows()).isEqualTo("1\ta\t" + plan.token() + "\n2\tb\t" + plan.token());
    assertThat(logged(plan, "log_comment"))
        .contains("\"flow\":\"flow\"")
        .contains("\"run\":\"run\"")
        .contains("\"batch\":\"" + plan.id() + "\"")
        .contains("\"attempt\":1");
  }

  @Test
  void theSameBatchSentAgainIsThereOnce() {
    String body = "id,na me\n1,a\n";
    BatchPlan plan = Plans.plan(table, Format.CSV_WITH_NAMES);

    send(plan, body, 1);
    InsertReceipt again = send(plan, body, 2);

    assertThat(again.proves(plan)).isTrue();
    assertThat(rows()).isEqualTo("1\ta\t" + plan.token());
  }

  @Test
  void aColumnThatTheHeaderLeavesOutTakesItsDefault() {
    String body = "id\n7\n";
    BatchPlan plan = Plans.plan(table, Format.CSV_WITH_NAMES);
    send(plan, body, 1);
    assertThat(rows()).isEqualTo("7\tnone\t" + plan.token());
  }

  @Test
  void allSettingsOfThePlanArriveAtTheServer() {
    String body = "{\"id\":1}\n";
    BatchPlan plan = Plans.plan(table, Format.JSON_EACH_ROW);
    send(plan, body, 1);
    assertThat(logged(plan, "toString(Settings)"))
        .contains("'max_insert_block_size':'10000000'")
        .contains("'async_insert':'0'")
        .contains("'input_format_skip_unknown_fields':'0'");
  }

  @Test
  void theBodyIsWrittenInTheCallersThread() {
    AtomicReference<Thread> writer = new AtomicReference<>();
    client.insert(
        new InsertRequest(
            table,
            List.of("id"),
            "CSV",
            Map.of(),
            "",
            "",
            "",
            "",
            out -> {
              writer.set(Thread.currentThread());
              out.write("1\n".getBytes(StandardCharsets.UTF_8));
            }));
    assertThat(writer.get()).isSameAs(Thread.currentThread());
  }

  @Test
  void lz4BringsTheSameRowsAndTheSameErrors() {
    try (ClickHouseClient packed =
        new ClickHouseClient(
            new ClickHouseConnection(
                TestClickHouse.url(),
                TestClickHouse.user(),
                TestClickHouse.password(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                true),
            "test")) {
      BatchInserter packing = new BatchInserter(packed, Duration.ofDays(7));
      String body = "1,a\n2,b\n";
      BatchPlan plan = Plans.plan(table, Format.CSV);
      packing.insert(Plans.attempts(plan, 1), payload(body), "", false);
      assertThat(rows()).isEqualTo("1\ta\t" + plan.token() + "\n2\tb\t" + plan.token());

      BatchPlan bad = Plans.plan(table, Format.CSV);
      RefusedBatchException refused =
          catchThrowableOfType(
              RefusedBatchException.class,
              () -> packing.insert(Plans.attempts(bad, 1), payload("x,y\n"), "", false));
      assertThat(refused.failure().code()).isEqualTo(27);
      assertThat(refused.failure().name()).isEqualTo("CANNOT_PARSE_INPUT_ASSERTION_FAILED");
    }
  }

  @Test
  void aRefusedBatchLeavesNothingAndQuotesNoValue() {
    String body = "1,fine\nsecret,row\n";
    BatchPlan plan = Plans.plan(table, Format.CSV);
    RefusedBatchException refused =
        catchThrowableOfType(RefusedBatchException.class, () -> send(plan, body, 1));
    assertThat(refused).hasNoCause();
    assertThat(refused.failure().verdict()).isEqualTo(Verdict.ISOLATE);
    assertThat(refused.failure().reason()).contains("record 2", "column id");
    assertThat(refused).hasMessageNotContainingAny("secret", "fine");
    assertThat(rows()).isEmpty();
  }

  @Test
  void afterAnAlterBetweenAttemptsARefusalIsHeld() {
    String body = "1,a\n";
    BatchPlan plan = Plans.plan(table, Format.CSV);
    TestClickHouse.execute("ALTER TABLE " + table.quoted() + " ADD COLUMN more Int8");
    TestClickHouse.execute("ALTER TABLE " + table.quoted() + " ADD CONSTRAINT never CHECK id > 1");
    HeldDeliveryException held =
        catchThrowableOfType(HeldDeliveryException.class, () -> send(plan, body, 2));
    assertThat(held.failure().code()).isEqualTo(469);
  }

  @Test
  void aTableThatWasExchangedBetweenAttemptsIsHeld() {
    String body = "1,a\n";
    BatchPlan plan = Plans.plan(table, Format.CSV);
    TableName other = new TableName(table.database(), "other");
    create(other);
    TestClickHouse.execute("EXCHANGE TABLES " + table.quoted() + " AND " + other.quoted());
    HeldDeliveryException held =
        catchThrowableOfType(HeldDeliveryException.class, () -> send(plan, body, 2));
    assertThat(held.failure().name()).isEqualTo("TABLE_REPLACED");
    assertThat(rows()).isEmpty();
  }

  private InsertReceipt send(BatchPlan plan, String body, int attempt) {
    return inserter.insert(Plans.attempts(plan, attempt), payload(body), "", false);
  }

  private static Payload payload(String body) {
    return Payload.of(body.getBytes(StandardCharsets.UTF_8));
  }

  private void create(TableName name) {
    TestClickHouse.execute(
        "CREATE TABLE "
            + name.quoted()
            + " (id Int64, `na me` String DEFAULT 'none', "
            + TableDdl.provenanceColumn()
            + ") ENGINE = MergeTree ORDER BY id"
            + " SETTINGS non_replicated_deduplication_window = 100");
  }

  private String rows() {
    return TestClickHouse.query("SELECT * FROM " + table.quoted() + " ORDER BY id");
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
