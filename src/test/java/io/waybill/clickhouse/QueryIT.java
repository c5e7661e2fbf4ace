package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queries, facts and their failures against a real ClickHouse. */
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
