package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.delivery.Verdict;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queries, facts and their failures against a real ClickHouse. */
class QueryIT {
  private final ClickHouseClient client =
      new ClickHouseClient(Connections.admin().withMaxConnections(2));

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aResultComesInTheFormatThatWasAskedFor() {
    QueryRequest request =
        QueryRequest.of("SELECT {n:UInt8} AS n, 'x' AS s")
            .withParameters(Map.of("n", 7))
            .withFormat("CSVWithNames");
    assertThat(new String(client.query(request), StandardCharsets.UTF_8))
        .isEqualTo("\"n\",\"s\"\n7,\"x\"\n");
    assertThat(client.queryRows(request).get(0).get("n").asInt()).isEqualTo(7);
  }

  @Test
  void closingAHalfReadStreamFreesItsConnection() throws IOException {
    for (int i = 0; i < 6; i++) {
      try (InputStream rows =
          client.queryStream(QueryRequest.of("SELECT number FROM numbers(100000000)"))) {
        assertThat(rows.read()).isEqualTo('0');
      }
    }
    assertThat(client.ping()).isTrue();
  }

  @Test
  void aStreamThatFailsHalfWayIsAnException() {
    QueryRequest request =
        QueryRequest.of("SELECT throwIf(number = 3000000, 'half-way') FROM numbers(10000000)")
            .withSettings(Map.of("max_block_size", "10000"));
    assertThatThrownBy(
            () -> {
              try (InputStream rows = client.queryStream(request)) {
                rows.readAllBytes();
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void aWholeResultThatFailsHalfWayIsATypedException() {
    QueryFailedException failed =
        failing("SELECT throwIf(number = 3000000, 'half-way') FROM numbers(10000000)");
    assertThat(failed.code()).isEqualTo(395);
    assertThat(failed).hasMessageContaining("half-way");
  }

  @Test
  void aFailureSaysCodeNameAndReason() {
    QueryFailedException failed = failing("SELECT * FROM nowhere.nothing");
    assertThat(failed.code()).isEqualTo(81);
    assertThat(failed.failure().name()).isEqualTo("UNKNOWN_DATABASE");
    assertThat(failed.failure().reason()).contains("nowhere").doesNotContain("version");
  }

  @Test
  void aTimeOutOfARequestIsItsOwn() {
    QueryFailedException failed =
        catchThrowableOfType(
            QueryFailedException.class,
            () ->
                client.query(
                    QueryRequest.of("SELECT sleep(2)").withTimeout(Duration.ofMillis(200))));
    assertThat(failed.failure().name()).isEqualTo("TIMEOUT");
  }

  @Test
  void papersArriveInTheQueryLog() {
    client.query(QueryRequest.of("SELECT 1").withPapers("query-it-1", "{\"flow\":\"f\"}"));
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    assertThat(
            TestClickHouse.query(
                "SELECT log_comment, http_user_agent LIKE 'waybill/dev%' FROM system.query_log"
                    + " WHERE query_id = 'query-it-1' AND type = 'QueryFinish' FORMAT TSVRaw"))
        .isEqualTo("{\"flow\":\"f\"}\t1");
  }

  @Test
  void anUnknownRoleIsHeld() {
    QueryFailedException failed =
        catchThrowableOfType(
            QueryFailedException.class,
            () -> client.query(QueryRequest.of("SELECT 1").withRoles(List.of("no_role"))));
    assertThat(failed.failure().verdict()).isEqualTo(Verdict.HOLD);
    assertThat(failed.failure().name()).isEqualTo("UNKNOWN_ROLE");
  }

  @Test
  void theServerTellsWhatItIs() {
    ServerFacts facts = client.facts();
    assertThat(facts.isAtLeast(24, 8)).isTrue();
    assertThat(facts.knows("max_insert_block_size")).isTrue();
    assertThat(facts.knows("max_insert_blocks")).isFalse();
    assertThat(facts.hostName()).isNotEmpty();
    assertThat(facts.startedAt()).isBeforeOrEqualTo(facts.askedAt());
    assertThat(client.facts()).isSameAs(facts);
    assertThat(client.freshFacts()).isNotSameAs(facts);
  }

  @Test
  void theFactsAreThereForAUserWhoMayOnlyInsert() {
    try (ClickHouseClient writer = new ClickHouseClient(Connections.as(TestClickHouse.WRITER))) {
      assertThat(writer.facts().knows("async_insert")).isTrue();
    }
  }

  @Test
  void pingIsFalseWhereNobodyAnswers() {
    try (ClickHouseClient wrong =
        new ClickHouseClient(Connections.admin().as("waybill", "wrong"))) {
      assertThat(client.ping()).isTrue();
      assertThat(wrong.ping()).isFalse();
    }
  }

  private QueryFailedException failing(String sql) {
    return catchThrowableOfType(QueryFailedException.class, () -> client.queryText(sql));
  }
}
