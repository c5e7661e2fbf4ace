package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries, facts and their failures against a real ClickHouse. */
@Timeout(120)
class QueryIT {
  private static final String FAILS_LATE =
      "SELECT throwIf(number = 3000000, 'half-way') FROM numbers(10000000)";
  private final ClickHouseClient client = Plans.client();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aResultComesInTheFormatThatWasAskedFor() {
    assertThat(client.query(QueryRequest.of("SELECT 7 AS n, 'x' AS s", "CSVWithNames")))
        .isEqualTo("\"n\",\"s\"\n7,\"x\"\n");
  }

  @Test
  void closingAHalfReadAnswerStopsItsQuery() throws IOException {
    QueryRequest endless =
        new QueryRequest("SELECT number FROM system.numbers", "TSV", Map.of(), "endless-1", "", "");
    try (QueryAnswer answer = client.stream(endless)) {
      assertThat(answer.body().read()).isEqualTo('0');
    }
    assertThat(
            TestClickHouse.query(
                "SELECT count() FROM system.processes WHERE query_id = 'endless-1'"))
        .isEqualTo("0");
    assertThat(client.ping()).isTrue();
  }

  @Test
  void closingAnAnswerThatWaitsToBeReadTakesNoTimeout() throws IOException {
    QueryRequest large =
        new QueryRequest(
            "SELECT repeat('x', 1000) FROM numbers(2000000)",
            "CSV",
            // as ClickHouse does on machines of several cores
            Map.of("output_format_parallel_formatting", "1", "max_threads", "4"),
            "waiting-1",
            "",
            "");
    QueryAnswer answer = client.stream(large);
    // until the server has filled all buffers between
    Awaitility.await().until(() -> isStuck("waiting-1"));
    long before = System.nanoTime();
    answer.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
  }

  private static boolean isStuck(String queryId) {
    String rows = "SELECT read_rows FROM system.processes WHERE query_id = '%s'".formatted(queryId);
    String first = TestClickHouse.query(rows);
    return !first.isEmpty() && !first.equals("0") && first.equals(TestClickHouse.query(rows));
  }

  @Test
  void aStreamThatFailsHalfWayIsAnException() {
    QueryRequest request =
        new QueryRequest(FAILS_LATE, "TSV", Map.of("max_block_size", "10000"), "", "", "");
    assertThatThrownBy(
            () -> {
              try (QueryAnswer answer = client.stream(request)) {
                answer.body().readAllBytes();
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void aWholeResultThatFailsHalfWayIsATypedException() {
    QueryFailedException failed = failing(FAILS_LATE);
    assertThat(failed.code()).isEqualTo(395);
    assertThat(failed).hasMessageContaining("half-way").hasNoCause();
  }

  @Test
  void aFailureSaysCodeNameAndReason() {
    QueryFailedException failed = failing("SELECT * FROM nowhere.nothing");
    assertThat(failed.code()).isEqualTo(81);
    assertThat(failed.name()).isEqualTo("UNKNOWN_DATABASE");
    assertThat(failed.getMessage()).contains("nowhere").doesNotContain("version");
  }

  @Test
  void aFailureOnContentQuotesNothing() {
    QueryFailedException failed = failing("SELECT * FROM format(CSV, 'a Int8', 'secret')");
    assertThat(failed).hasMessageNotContaining("secret").hasNoCause();
  }

  @Test
  void aServerThatIsTooSlowIsATimeout() {
    try (ClickHouseClient impatient =
        Plans.client(
            TestClickHouse.url(),
            TestClickHouse.user(),
            TestClickHouse.password(),
            Duration.ofMillis(200))) {
      QueryFailedException failed =
          catchThrowableOfType(
              QueryFailedException.class, () -> impatient.lines("SELECT sleep(2)"));
      assertThat(failed.name()).isEqualTo("TIMEOUT");
    }
  }

  @Test
  void papersAndTheClientsNameArriveInTheQueryLog() {
    client.query(
        new QueryRequest("SELECT 1", "TSV", Map.of(), "query-it-1", "{\"flow\":\"f\"}", ""));
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    assertThat(
            TestClickHouse.query(
                "SELECT log_comment, http_user_agent LIKE 'waybill/test%' FROM system.query_log"
                    + " WHERE query_id = 'query-it-1' AND type = 'QueryFinish' FORMAT TSVRaw"))
        .isEqualTo("{\"flow\":\"f\"}\t1");
  }

  @Test
  void anUnknownRoleIsNamed() {
    QueryFailedException failed =
        catchThrowableOfType(
            QueryFailedException.class,
            () -> client.query(new QueryRequest("SELECT 1", "TSV", Map.of(), "", "", "no_role")));
    assertThat(failed.name()).isEqualTo("UNKNOWN_ROLE");
  }

  @Test
  void theFactsAreThereForAUserWhoMayOnlyInsert() {
    try (ClickHouseClient writer = Plans.clientOf(TestClickHouse.WRITER)) {
      ServerFacts facts = ServerFacts.ask(writer);
      assertThat(facts.isAtLeast(ServerFacts.OLDEST)).isTrue();
      assertThat(facts.settings()).contains("async_insert").doesNotContain("no_such_setting");
      assertThat(facts.host()).isNotEmpty();
    }
  }

  @Test
  void pingIsFalseForAWrongPassword() {
    try (ClickHouseClient wrong =
        Plans.client(TestClickHouse.url(), TestClickHouse.user(), "wrong")) {
      assertThat(client.ping()).isTrue();
      assertThat(wrong.ping()).isFalse();
    }
  }

  private QueryFailedException failing(String sql) {
    return catchThrowableOfType(QueryFailedException.class, () -> client.lines(sql));
  }
}
