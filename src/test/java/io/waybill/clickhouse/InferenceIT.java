package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import io.waybill.clickhouse.Inference.Inferred;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.TableName;
import io.waybill.testing.TestClickHouse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns by ClickHouse's own inference, and the tables that are made of them. */
@Timeout(120)
class InferenceIT {
  private static final String TRIPS =
      """
      id,started,day,fare,note,odd `name`
      1,2026-01-01 10:00:00,2026-01-01,1.5,,x
      2,2026-01-02 11:00:00,2026-01-02,2.5,it's,y
      """;
  private final ClickHouseClient client = Plans.client();
  private final Inference inference = new Inference(client);
  private final TableName table = new TableName(TestClickHouse.createDatabase(), "trips");

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aCsvWithNamesGetsWideTypes() {
    List<Inferred> columns = inference.columns(Format.CSV_WITH_NAMES, bytes(TRIPS));
    assertThat(columns)
        .containsExactly(
            new Inferred("id", "Nullable(Int64)", false),
            new Inferred("started", "Nullable(DateTime64(3))", false),
            new Inferred("day", "Nullable(Date32)", false),
            new Inferred("fare", "Nullable(Float64)", false),
            new Inferred("note", "Nullable(String)", true),
            new Inferred("odd `name`", "Nullable(String)", false));
  }

  @Test
  void bytesThatAreNoUtf8AndQuotesAndBackslashesComeThrough() {
    byte[] sample = "n,t\n1,'a\\b'\n2,x?z\n".getBytes(StandardCharsets.ISO_8859_1);
    sample[sample.length - 3] = (byte) 0xFF;
    assertThat(inference.columns(Format.CSV_WITH_NAMES, sample))
        .extracting(Inferred::name, Inferred::type)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("n", "Nullable(Int64)"),
            org.assertj.core.groups.Tuple.tuple("t", "Nullable(String)"));
  }

  @Test
  void theSampleDoesNotGetIntoTheQueryLog() {
    inference.columns(Format.CSV, bytes("do-not-log-me," + table.database() + "\n"));
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    assertThat(
            TestClickHouse.query(
                "SELECT count() FROM system.query_log WHERE query LIKE '%do-not-' || 'log-me,%"
                    + table.database()
                    + "%'"))
        .isEqualTo("0");
  }

  @Test
  void aSampleThatIsNoSampleIsATypedFailureWithoutValues() {
    assertThatThrownBy(() -> inference.columns(Format.JSON_EACH_ROW, bytes("{\"a\":secret}\n")))
        .isInstanceOf(QueryFailedException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void theTableTakesTheSampleAndNotesTheBatch() {
    createTable(TRIPS, Format.CSV_WITH_NAMES);
    BatchPlan plan = Plans.plan(table, Format.CSV_WITH_NAMES);
    new BatchInserter(client, Duration.ofDays(7))
        .insert(Plans.attempts(plan, 1), Payload.of(bytes(TRIPS)), "", false);
    assertThat(TestClickHouse.query("SELECT * FROM " + table.quoted() + " ORDER BY id"))
        .isEqualTo(
            "1\t2026-01-01 10:00:00.000\t2026-01-01\t1.5\t\\N\tx\t"
                + plan.token()
                + "\n2\t2026-01-02 11:00:00.000\t2026-01-02\t2.5\tit\\'s\ty\t"
                + plan.token());
    assertThat(
            new Preflight(client, Duration.ofDays(7))
                .look(table, new Preflight.Wish(false, true, "", 250_000, 3, true)))
        .noneMatch(finding -> finding.severity() == Finding.Severity.HOLD);
  }

  @Test
  void theSortingKeyIsTheFirstTimeAndSaysWhy() {
    TableDdl ddl =
        TableDdl.of(table, inference.columns(Format.CSV_WITH_NAMES, bytes(TRIPS)), "", true);
    assertThat(ddl.sql()).contains("ORDER BY (`started`)").contains("`started` DateTime64(3)");
    assertThat(ddl.why()).contains("started");
    assertThatThrownBy(() -> TableDdl.of(table, List.of(), "nope", true))
        .hasMessageContaining("nope");
  }

  @Test
  void twoFlowsMayCreateTheSameTableAtOnce() {
    TableDdl ddl =
        TableDdl.of(table, inference.columns(Format.CSV_WITH_NAMES, bytes(TRIPS)), "id", true);
    List<CompletableFuture<Void>> both =
        List.of(
            CompletableFuture.runAsync(() -> create(ddl)),
            CompletableFuture.runAsync(() -> create(ddl)));
    assertThat(both)
        .allSatisfy(one -> assertThat(one).succeedsWithin(java.time.Duration.ofSeconds(20)));
  }

  @Test
  void driftIsAnsweredWithTheStatementsThatMendIt() {
    createTable("a,b\n1,x\n", Format.CSV_WITH_NAMES);
    Map<String, String> statements =
        new DriftAdvice(client)
            .missing(table, Format.JSON_EACH_ROW, bytes("{\"a\":1,\"new `one`\":2.5}\n"));
    assertThat(statements)
        .containsOnly(
            Map.entry(
                "new `one`",
                "ALTER TABLE " + table.quoted() + " ADD COLUMN `new \\`one\\`` Nullable(Float64)"));
    statements.values().forEach(TestClickHouse::execute);
    assertThat(new Tables(client).insertable(table)).containsExactly("a", "b", "new `one`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "it's", "back`quote", "größe", "a.b", "Date", "x, y"})
  void aTableCanBeMadeWhateverTheColumnIsNamed(String name) {
    String record = "{\"" + name + "\":\"2020-01-01\",\"v\":{\"" + name + "\":\"2020-01-01\"}}\n";
    createTable(record, Format.JSON_EACH_ROW);
    assertThat(new Tables(client).columns(table))
        .extracting(Tables.Column::name)
        .containsExactly(name, "v", Tables.PROVENANCE);
    assertThat(Plans.send(client, Plans.plan(table, Format.JSON_EACH_ROW), 1, record)).isNull();
    assertThat(
            TestClickHouse.query(
                "SELECT %s, v.1 FROM %s".formatted(TableName.quote(name), table.quoted())))
        .isEqualTo("2020-01-01\t2020-01-01");
  }

  @Test
  void typesInsideOfOthersGetWiderAndNamesStayAsTheyAre() {
    assertThat(
            Inference.wide(
                "Tuple(Date Nullable(Date), DateTime Array(DateTime), Day DateTime64(9), `Date, x`"
                    + " Date)"))
        .isEqualTo(
            "Tuple(Date Nullable(Date32), DateTime Array(DateTime64(3)), Day DateTime64(9), `Date,"
                + " x` Date32)");
  }

  @Test
  void arraysAndObjectsHaveTheirTypesOnOneLine() {
    assertThat(
            inference.columns(
                Format.JSON_EACH_ROW,
                bytes("{\"a\":[1,2],\"o\":{\"Date\":\"x\",\"y\":{\"z\":1}}}\n")))
        .extracting(Inferred::type)
        .containsExactly(
            "Array(Nullable(Int64))", "Tuple(Date Nullable(String), y Tuple(z Nullable(Int64)))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}\n",
        "{\"a\":\"canary\n",
        "[\"canary\"]\n",
        "{\"a\":1}\n{\"a\":{\"canary\":1}}\n"
      })
  void ofASampleThatTellsNothingOnlyThatIsSaid(String sample) {
    QueryFailedException failure =
        catchThrowableOfType(
            QueryFailedException.class,
            () -> inference.columns(Format.JSON_EACH_ROW, bytes(sample)));
    assertThat(failure)
        .hasMessage("ClickHouse cannot tell columns and types by the records")
        .hasNoCause();
    assertThat(failure.code()).isPositive();
  }

  private void createTable(String sample, Format format) {
    create(TableDdl.of(table, inference.columns(format, bytes(sample)), "", true));
  }

  private void create(TableDdl ddl) {
    client.query(QueryRequest.of(TableDdl.createDatabase(table), "TSV"));
    client.query(QueryRequest.of(ddl.sql(), "TSV"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
