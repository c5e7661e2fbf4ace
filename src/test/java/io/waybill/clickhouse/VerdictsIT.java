package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.delivery.Failure;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Errors that a real ClickHouse gives, and what is made of them. */
class VerdictsIT {
  private final String database = TestClickHouse.createDatabase();
  private final TableName table = new TableName(database, "t");
  private final ClickHouseClient client = Connections.admin();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aValueThatDoesNotParseIsIsolated() {
    create("id Int32, n String");
    Failure failure = failing(client, "CSV", "1,a\nfoo,b\n");
    assertThat(failure)
        .isEqualTo(
            new Failure(
                Verdict.ISOLATE,
                27,
                "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
                "ClickHouse refused the content at row 2, column id",
                "the bad records become dead letters: mend and replay them"));
  }

  @Test
  void aJsonValueThatDoesNotParseIsIsolated() {
    create("id Int32");
    Failure failure = failing(client, "JSONEachRow", "{\"id\":1}\n{\"id\":\"x\"}\n");
    assertThat(failure.verdict()).isEqualTo(Verdict.ISOLATE);
    assertThat(failure.reason()).isEqualTo("ClickHouse refused the content at row 2, column id");
  }

  @Test
  void aBadDateIsIsolated() {
    create("d Date");
    assertThat(failing(client, "TSV", "2026-01-01\nfoo\n").verdict()).isEqualTo(Verdict.ISOLATE);
  }

  @Test
  void anOpenQuoteAtTheEndIsTakenSilently() {
    create("a String");
    // why the cutter has to notice a source that was cut off: ClickHouse does not
    client.insert(request("CSV", "\"a\n"));
    assertThat(TestClickHouse.query("SELECT count() FROM " + table.quoted())).isEqualTo("1");
  }

  @Test
  void aValueTooManyIsIsolated() {
    create("id Int32");
    Failure failure = failing(client, "CSV", "1,2,3\n");
    assertThat(failure.code()).isEqualTo(117);
    assertThat(failure.verdict()).isEqualTo(Verdict.ISOLATE);
  }

  @Test
  void anUnknownEnumElementIsIsolated() {
    create("e Enum8('a' = 1)");
    assertThat(failing(client, "TSV", "a\nzzz\n").verdict()).isEqualTo(Verdict.ISOLATE);
  }

  @Test
  void aViolatedConstraintIsIsolated() {
    create("id Int32, CONSTRAINT positive CHECK id > 0");
    Failure failure = failing(client, "CSV", "1\n-77\n");
    assertThat(failure.code()).isEqualTo(469);
    assertThat(failure.verdict()).isEqualTo(Verdict.ISOLATE);
    assertThat(failure.reason()).isEqualTo("ClickHouse refused the content at row 2");
  }

  @Test
  void anUnknownFieldIsDriftEvenIfItNamesARow() {
    create("id Int32");
    Failure json = failing(client, "JSONEachRow", "{\"id\":1,\"more\":2}\n");
    Failure header = failing(client, "CSVWithNames", "id,more\n1,2\n");
    assertThat(List.of(json, header))
        .allSatisfy(
            failure -> {
              assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
              assertThat(failure.code()).isEqualTo(117);
              assertThat(failure.reason())
                  .isEqualTo("the records have a column 'more' that the table has not");
              assertThat(failure.remedy()).contains("ADD COLUMN").contains("unknownFields=skip");
            });
  }

  @Test
  void wordsInARowDoNotChangeTheVerdict() {
    create("id Int32, n String");
    Failure failure =
        failing(client, "CSV", "foo,DB::Exception: Unknown field found in x: y (at row 99)\n");
    assertThat(failure.verdict()).isEqualTo(Verdict.ISOLATE);
    assertThat(failure.reason()).isEqualTo("ClickHouse refused the content at row 1");
  }

  @Test
  void aColumnThatTheTableHasNotIsHeld() {
    create("id Int32");
    InsertRequest plain = request("CSV", "1\n");
    Failure failure =
        failing(
            client,
            new InsertRequest(
                table, List.of("nope"), "CSV", Map.of(), "", "", "", "", plain.body()));
    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.name()).isEqualTo("NO_SUCH_COLUMN_IN_TABLE");
  }

  @Test
  void aTableOrDatabaseThatIsNotThereIsHeld() {
    Failure noTable = failing(client, "CSV", "1\n");
    assertThat(noTable.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(noTable.code()).isEqualTo(60);
    assertThat(noTable.remedy()).contains("create the table");

    Failure noDatabase =
        failing(client, Plans.plain(new TableName("test_nowhere", "t"), "CSV", "1\n"));
    assertThat(noDatabase.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(noDatabase.code()).isEqualTo(81);
  }

  @Test
  void missingRightsAreHeld() {
    create("id Int32");
    Failure failure = failingAs(TestClickHouse.READER);
    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.code()).isEqualTo(497);
    assertThat(failure.reason()).contains("INSERT").contains(table.toString());
    assertThat(failure.remedy()).contains("GRANT");
  }

  @Test
  void aReadonlyUserIsHeld() {
    create("id Int32");
    Failure failure = failingAs(TestClickHouse.READONLY);
    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.code()).isEqualTo(164);
  }

  @Test
  void aWrongPasswordIsHeld() {
    create("id Int32");
    try (ClickHouseClient wrong =
        Connections.client(TestClickHouse.url(), TestClickHouse.user(), "wrong")) {
      Failure failure = failing(wrong, "CSV", "1\n");
      assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
      assertThat(failure.code()).isEqualTo(516);
    }
  }

  @Test
  void tooManyPartitionsAreHeld() {
    TestClickHouse.execute(
        "CREATE TABLE "
            + table.quoted()
            + " (id Int32) ENGINE = MergeTree PARTITION BY id"
            + " ORDER BY id");
    Failure failure =
        failing(client, withSettings(Map.of("max_partitions_per_insert_block", "2"), "1\n2\n3\n"));
    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.code()).isEqualTo(252);
    assertThat(failure.remedy()).contains("batchRows");
  }

  @Test
  void tooManyPartsAreRetried() {
    TestClickHouse.execute(
        "CREATE TABLE "
            + table.quoted()
            + " (id Int32) ENGINE = MergeTree ORDER BY id"
            + " SETTINGS parts_to_throw_insert = 1, parts_to_delay_insert = 1,"
            + " max_delay_to_insert = 1");
    TestClickHouse.execute("SYSTEM STOP MERGES " + table.quoted());
    client.insert(withSettings(Map.of("async_insert", "0"), "1\n"));
    Failure failure = failing(client, withSettings(Map.of("async_insert", "0"), "2\n"));
    assertThat(failure.code()).isEqualTo(252);
    assertThat(failure.verdict()).isEqualTo(Verdict.RETRY);
  }

  @Test
  void anUnknownSettingIsHeld() {
    create("id Int32");
    Failure failure = failing(client, withSettings(Map.of("no_such_setting", "1"), "1\n"));
    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.code()).isEqualTo(115);
  }

  @Test
  void tooLittleMemoryLeavesTheOutcomeOpen() {
    create("s String");
    String body = "x".repeat(4_000_000) + "\n";
    Failure failure = failing(client, withSettings(Map.of("max_memory_usage", "1000000"), body));
    assertThat(failure.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(failure.code()).isEqualTo(241);
  }

  @Test
  void aViewThatThrowsLeavesTheOutcomeOpenAndSaysSo() {
    create("id Int32");
    TestClickHouse.execute(
        "CREATE MATERIALIZED VIEW "
            + database
            + ".v ENGINE = MergeTree ORDER BY x AS SELECT throwIf(id = 2, 'bad') AS x FROM "
            + table.quoted());
    Failure failure = failing(client, "CSV", "1\n2\n");
    assertThat(failure.reason()).startsWith("a materialized view failed after the table took");
    // error 395 is listed as hold: resending cannot help before the view is mended
    assertThat(failure.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failure.remedy()).contains("mend the view");
  }

  @Test
  void aQueryIdThatStillRunsIsWaitedFor() throws Exception {
    create("id Int32");
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<InsertAnswer> slow =
        CompletableFuture.supplyAsync(
            () -> client.insert(withId("same-" + database, out -> slowBody(out, running, goOn))));
    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
    awaitRunning("same-" + database);
    try {
      Failure failure = failing(client, withId("same-" + database, request("CSV", "1\n").body()));
      assertThat(failure.verdict()).isEqualTo(Verdict.WAIT);
      assertThat(failure.code()).isEqualTo(216);
    } finally {
      goOn.countDown();
    }
    slow.get(20, TimeUnit.SECONDS);
  }

  private static void slowBody(OutputStream out, CountDownLatch running, CountDownLatch goOn)
      throws IOException {
    // more than all buffers on the way, so that the server begins
    out.write("1\n".repeat(2_000_000).getBytes(StandardCharsets.UTF_8));
    out.flush();
    running.countDown();
    try {
      goOn.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.write("2\n".getBytes(StandardCharsets.UTF_8));
  }

  private static void awaitRunning(String queryId) {
    Awaitility.await()
        .until(
            () ->
                TestClickHouse.query(
                        "SELECT count() FROM system.processes WHERE query_id = '" + queryId + "'")
                    .equals("1"));
  }

  private void create(String columns) {
    TestClickHouse.execute(
        "CREATE TABLE "
            + table.quoted()
            + " ("
            + columns
            + ") ENGINE = MergeTree ORDER BY tuple()"
            + " SETTINGS non_replicated_deduplication_window = 100");
  }

  private InsertRequest request(String format, String body) {
    return Plans.plain(table, format, body);
  }

  private InsertRequest withSettings(Map<String, String> settings, String body) {
    return new InsertRequest(
        table, List.of(), "CSV", settings, "", "", "", "", request("CSV", body).body());
  }

  private InsertRequest withId(String queryId, InsertRequest.Body body) {
    return new InsertRequest(
        table, List.of(), "CSV", Map.of("async_insert", "0"), "", queryId, "", "", body);
  }

  private Failure failingAs(String user) {
    try (ClickHouseClient other = Connections.as(user)) {
      return failing(other, "CSV", "1\n");
    }
  }

  private Failure failing(ClickHouseClient as, String format, String body) {
    InsertRequest plain = request(format, body);
    return failing(
        as,
        new InsertRequest(
            table,
            List.of(),
            format,
            Map.of("async_insert", "0", "input_format_skip_unknown_fields", "0"),
            "",
            "",
            "",
            "",
            plain.body()));
  }

  private static Failure failing(ClickHouseClient as, InsertRequest request) {
    InsertFailedException failed =
        catchThrowableOfType(InsertFailedException.class, () -> as.insert(request));
    assertThat(failed).hasNoCause();
    return failed.failure(true);
  }
}
