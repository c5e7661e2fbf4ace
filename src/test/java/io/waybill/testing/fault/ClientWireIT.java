package io.waybill.testing.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.ClickHouseConnection;
import io.waybill.clickhouse.InsertFailedException;
import io.waybill.clickhouse.InsertRequest;
import io.waybill.delivery.Failure;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.testing.FaultProxy;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client says of each fault of the wire, and how often it sends. */
final class ClientWireIT {
  private static final byte[] BODY =
      "1,one\n2,two\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
  private static final long ROWS = 200_000;
  private static final int CUTS = 60;
  private String database;

  @BeforeEach
  void table() {
    database = TestClickHouse.createDatabase();
    TestClickHouse.execute(
        "CREATE TABLE %s.t (id UInt64, text String) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100"
            .formatted(database));
  }

  private static ClickHouseClient client(FaultProxy proxy) {
    return new ClickHouseClient(
        new ClickHouseConnection(
            proxy.url(),
            TestClickHouse.user(),
            TestClickHouse.password(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            false),
        "test");
  }

  private InsertRequest request(String id, InsertRequest.Body body) {
    return new InsertRequest(
        new TableName(database, "t"),
        List.of("id", "text"),
        "CSV",
        Map.of("async_insert", "0"),
        "token",
        database + id,
        "",
        "",
        body);
  }

  private String rows() {
    return TestClickHouse.query("SELECT count() FROM %s.t".formatted(database));
  }

  private FaultProxy proxy(Fault... faults) {
    return FaultProxy.start(
        TestClickHouse.url(), FaultScript.of(Request::isInsert, List.of(faults)));
  }

  private long insert(ClickHouseClient client, String id) {
    return client.insert(request(id, out -> out.write(BODY))).writtenRows();
  }

  private static Failure failure(ThrowingCallable insert) {
    InsertFailedException thrown = catchThrowableOfType(InsertFailedException.class, insert);
    assertThat(thrown).isNotNull();
    return thrown.failure(true);
  }

  private static List<Exchange> inserts(FaultProxy proxy) {
    return proxy.exchanges().stream().filter(seen -> seen.request().isInsert()).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "CLOSE_ON_ACCEPT, NO_ANSWER|CONNECTION_RESET, 0",
    "RESET_BEFORE_BODY, CONNECTION_RESET, 0",
    "RESET_IN_BODY, CONNECTION_RESET, 0",
    "RESET_AFTER_BODY, CONNECTION_RESET, 200000",
    "SWALLOW_REPLY, CONNECTION_RESET, 200000",
    "DELAY_REPLY, TIMEOUT, 200000",
    "ANSWER_500, HTTP_500, 0",
    "ANSWER_503, HTTP_503, 0",
    "ANSWER_503_EARLY, HTTP_503|CONNECTION_RESET, 0",
    "ANSWER_503_APPLIED, HTTP_503, 200000",
    "ANSWER_429, HTTP_503, 0",
    "GARBAGE, DataTransferException, 0",
    "OK_WITHOUT_SUMMARY, NO_SUMMARY, 0",
    "TRUNCATED_REPLY_BODY, NO_ANSWER|CONNECTION_RESET, 200000"
  })
  void aFaultLeavesTheOutcomeUnknown(Fault fault, String names, String applied) {
    try (FaultProxy proxy = proxy(fault);
        ClickHouseClient client = client(proxy)) {
      client.ping();
      Failure failure = failure(() -> insert(client, "a"));
      assertThat(failure.verdict()).isEqualTo(Verdict.UNKNOWN);
      assertThat(failure.name()).isIn(List.of(names.split("\\|", -1)));
      Awaitility.await().until(() -> proxy.played().equals(List.of(fault)));
      assertThat(rows()).isEqualTo(applied);
    }
  }

  @Test
  void aRefusedConnectionIsARetry() {
    try (FaultProxy proxy = proxy(Fault.REFUSE);
        ClickHouseClient client = client(proxy)) {
      assertThat(failure(() -> insert(client, "a")).verdict()).isEqualTo(Verdict.UNKNOWN);
      Failure refused = failure(() -> insert(client, "b"));
      assertThat(refused.verdict()).isEqualTo(Verdict.RETRY);
      assertThat(refused.name()).isEqualTo("CONNECTION_REFUSED");
      Awaitility.await().until(client::ping);
      assertThat(insert(client, "c")).isEqualTo(ROWS);
    }
  }

  /**
   * The HTTP client under client-v2 begins a POST a second time after these answers. Not a byte of
   * that may look like a request to the server: it would be an insert of nothing under this token.
   */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"ANSWER_503", "ANSWER_429", "ANSWER_503_APPLIED"})
  void whatTheHttpClientSendsAgainNeverBecomesARequest(Fault fault) {
    int[] writes = {0};
    try (FaultProxy proxy = proxy(fault);
        ClickHouseClient client = client(proxy)) {
      Failure failure =
          failure(
              () ->
                  client.insert(
                      request(
                          "a",
                          out -> {
                            writes[0]++;
                            out.write(BODY);
                          })));
      assertThat(failure.reason()).as("it did begin again").contains("503 or 429");
      assertThat(writes).containsExactly(1);
      assertThat(inserts(proxy).stream().skip(1)).allMatch(seen -> seen.digest().isEmpty());
      assertThat(serverSaw("a")).isEqualTo(fault.isPassedOn() ? "1" : "0");
      assertThat(insert(client, "b")).isEqualTo(ROWS);
    }
    assertThat(rows()).isEqualTo(Long.toString(ROWS));
  }

  private String serverSaw(String id) {
    TestClickHouse.execute("SYSTEM FLUSH LOGS query_log");
    return TestClickHouse.query(
        "SELECT count() FROM system.query_log WHERE query_id = '%s' AND type = 'QueryStart'"
            .formatted(database + id));
  }

  @Test
  void aStaleConnectionIsNotTriedAgainBehindTheCallersBack() {
    try (FaultProxy proxy = proxy(Fault.CLOSE_IDLE);
        ClickHouseClient client = client(proxy)) {
      assertThat(insert(client, "a")).isEqualTo(ROWS);
      Awaitility.await().until(() -> !proxy.played().isEmpty());
      Failure failure = failure(() -> insert(client, "b"));
      assertThat(failure.verdict()).isEqualTo(Verdict.UNKNOWN);
      assertThat(failure.name()).isIn("NO_ANSWER", "CONNECTION_RESET");
      assertThat(inserts(proxy)).hasSize(1);
      assertThat(insert(client, "b")).isEqualTo(ROWS);
    }
    assertThat(rows()).isEqualTo(Long.toString(ROWS));
  }

  /** Else a part would be inserted under the token of the whole, and the whole dropped later. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofABodyThatBreaksOffNothingIsInserted(boolean unchecked) {
    try (FaultProxy proxy = proxy();
        ClickHouseClient client = client(proxy)) {
      Failure failure = failure(() -> client.insert(request("a", out -> half(out, unchecked))));
      assertThat(failure.verdict()).isEqualTo(Verdict.UNKNOWN);
      assertThat(failure.reason()).contains("could not be read to its end");
      Awaitility.await().until(() -> !inserts(proxy).isEmpty());
      assertThat(inserts(proxy)).singleElement().matches(seen -> seen.digest().isEmpty());
      assertThat(rows()).isEqualTo("0");
      assertThat(insert(client, "b")).isEqualTo(ROWS);
    }
    assertThat(rows()).isEqualTo(Long.toString(ROWS));
  }

  private static void half(OutputStream out, boolean unchecked) throws IOException {
    out.write(BODY, 0, BODY.length / 2); // ends at a record's end
    if (unchecked) {
      throw new IllegalStateException("played by the test");
    }
    throw new IOException("played by the test");
  }

  @Test
  void aReplyCutAnywhereCountsWholeOrNotAtAll() {
    for (int seed = 0; seed < CUTS; seed++) {
      TestClickHouse.execute("TRUNCATE TABLE %s.t".formatted(database));
      FaultScript script =
          FaultScript.of(Request::isInsert, List.of(Fault.TRUNCATED_REPLY), new Random(seed));
      try (FaultProxy proxy = FaultProxy.start(TestClickHouse.url(), script);
          ClickHouseClient client = client(proxy)) {
        assertThat(insert(client, "a" + seed)).isEqualTo(ROWS);
      } catch (InsertFailedException cut) {
        assertThat(cut.failure(true).verdict()).isEqualTo(Verdict.UNKNOWN);
      }
    }
  }
}
