package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.Format;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Failure;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictsIT {
  private static final String CANARY = "canary7f3a";
  private TableName table;
  private ClickHouseClient client;

  @BeforeEach
  void makeTable() {
    table = new TableName(TestClickHouse.createDatabase(), "t");
    TestClickHouse.execute(
        "CREATE TABLE %s (a UInt8, b String, d Date, CONSTRAINT c CHECK a < 200) ENGINE = MergeTree ORDER BY a PARTITION BY a SETTINGS non_replicated_deduplication_window = 100"
            .formatted(table.quoted()));
    client = Plans.client();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Failure send(Format format, String records) {
    return send(client, Plans.plan(table, format), records);
  }

  private Failure send(ClickHouseClient by, BatchPlan plan, String records) {
    Failure failure = Plans.send(by, plan, 1, records);
    assertThat(failure).isNotNull();
    assertThat(failure.toString()).doesNotContain(CANARY);
    assertThat(TestClickHouse.query("SELECT count() FROM " + table.quoted())).isEqualTo("0");
    return failure;
  }

  private static void isA(Failure failure, Verdict verdict, int code) {
    assertThat(failure.verdict()).as("%s", failure).isEqualTo(verdict);
    assertThat(failure.code()).as("%s", failure).isEqualTo(code);
    if (verdict == Verdict.HOLD) {
      assertThat(failure.remedy()).isNotBlank();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CSV | 27 | 1,canary7f3a,2024-01-01~x,canary7f3a,2024-01-01~",
        "CSV | 117 | 1,canary7f3a,2024-01-01,canary7f3a~",
        "CSV | 469 | 1,canary7f3a,2024-01-01~201,canary7f3a,2024-01-01~",
        "CSV | 38 | 1,canary7f3a,canary7f3a~",
        "CSV | 27 | 1,canary7f3a~",
        "JSON_EACH_ROW | 27 | {\"a\":\"canary7f3a\"}~",
        "JSON_EACH_ROW | 26 | {\"b\":\"canary7f3a",
        "TSV | 27 | canary7f3a^canary7f3a^2024-01-01~"
      })
  void badContentIsIsolated(Format format, int code, String records) {
    Failure failure = send(format, records.replace('~', '\n').replace('^', '\t'));
    isA(failure, Verdict.ISOLATE, code);
    assertThat(failure.reason()).contains("record ");
  }

  @Test
  void whatTheServerHasNotHolds() {
    BatchPlan plan = Plans.plan(table, Format.CSV);
    for (String[] each :
        new String[][] {{table.database(), "nothing", "60"}, {"no_database", "nothing", "81"}}) {
      BatchPlan elsewhere =
          Plans.plan(
              new io.waybill.delivery.InsertShape(
                  new TableName(each[0], each[1]),
                  "",
                  plan.shape().columns(),
                  Format.CSV,
                  plan.shape().settings(),
                  1,
                  true));
      isA(send(client, elsewhere, "1,x,2024-01-01\n"), Verdict.HOLD, Integer.parseInt(each[2]));
    }
    isA(
        send(client, Plans.plan(table, Format.CSV, Map.of("no_such", "1")), "1,x,2024-01-01\n"),
        Verdict.HOLD,
        115);
  }

  @ParameterizedTest
  @CsvSource({TestClickHouse.READER + ",497", TestClickHouse.READONLY + ",164", "stranger,516"})
  void missingRightsHold(String user, int code) {
    try (ClickHouseClient by = Plans.clientOf(user)) {
      isA(send(by, Plans.plan(table, Format.CSV), "1,x,2024-01-01\n"), Verdict.HOLD, code);
    }
  }

  @Test
  void tooManyPartitionsHold() {
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      records.append(i).append(",").append(CANARY).append(",2024-01-01\n");
    }
    Failure failure = send(Format.CSV, records.toString());
    isA(failure, Verdict.HOLD, 252);
    assertThat(failure.remedy()).contains("max_partitions_per_insert_block");
  }

  @Test
  void tooLittleMemoryIsUnknown() {
    BatchPlan plan =
        Plans.plan(table, Format.CSV, Map.of("max_memory_usage", "1", "max_untracked_memory", "1"));
    isA(send(client, plan, "1,x,2024-01-01\n".repeat(10_000)), Verdict.UNKNOWN, 241);
  }

  @Test
  void contentThatAViewRefusesIsNeverIsolated() {
    TestClickHouse.execute(
        "CREATE MATERIALIZED VIEW %s.v ENGINE = MergeTree ORDER BY x AS SELECT toUInt8(b) AS x FROM %s"
            .formatted(table.database(), table.quoted()));
    Failure failure =
        Plans.send(client, Plans.plan(table, Format.CSV), 1, "1," + CANARY + ",2024-01-01\n");
    assertThat(failure.verdict()).isNotEqualTo(Verdict.ISOLATE);
    assertThat(failure.toString()).doesNotContain(CANARY);
  }

  @Test
  void aQueryIdThatStillRunsIsWaitedFor() throws Exception {
    BatchPlan plan = Plans.plan(table, Format.CSV);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread first =
        new Thread(
            () -> {
              try (ClickHouseClient other = Plans.client()) {
                other.lines("SELECT 1");
                begun.countDown();
                var unused =
                    other.query(
                        new QueryRequest(
                            "SELECT sum(sleepEachRow(0.1)) FROM numbers(600) SETTINGS"
                                + " max_block_size = 1, function_sleep_max_microseconds_per_block = 0",
                            "TSV",
                            Map.of(),
                            plan.id(),
                            "",
                            ""));
              } catch (QueryFailedException e) {
                // it is killed below
              } finally {
                done.countDown();
              }
            });
    first.start();
    begun.await();
    String running = "SELECT count() FROM system.processes WHERE query_id = '" + plan.id() + "'";
    Awaitility.await().until(() -> TestClickHouse.query(running).equals("1"));
    try {
      isA(send(client, plan, "1,x,2024-01-01\n"), Verdict.WAIT, 216);
    } finally {
      TestClickHouse.execute("KILL QUERY WHERE query_id = '" + plan.id() + "' ASYNC");
      done.await();
    }
  }

  @Test
  void aServerThatDoesNotTakeConnectionsIsTriedAgain() {
    try (ClickHouseClient nowhere = Plans.client("http://127.0.0.1:9", "u", "p")) {
      isA(send(nowhere, Plans.plan(table, Format.CSV), "1,x,2024-01-01\n"), Verdict.RETRY, 0);
    }
  }

  private Failure sendToAnswer(String answer) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> answer(socket, answer));
      server.start();
      try (ClickHouseClient to =
          Plans.client(
              "http://127.0.0.1:" + socket.getLocalPort(), "u", "p", Duration.ofMillis(500))) {
        return send(to, Plans.plan(table, Format.CSV), "1," + CANARY + ",2024-01-01\n");
      }
    }
  }

  /** Reads the whole request; an answer of "reset" or "silence" is none. */
  private static void answer(ServerSocket server, String answer) {
    while (!server.isClosed()) {
      answerOnce(server, answer);
    }
  }

  private static void answerOnce(ServerSocket server, String answer) {
    try (Socket socket = server.accept()) {
      byte[] buffer = new byte[8192];
      StringBuilder request = new StringBuilder();
      while (!request.toString().endsWith("0\r\n\r\n")) {
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
          return;
        }
        request.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
      }
      if (answer.equals("silence")) {
        var unused = socket.getInputStream().read();
      } else if (answer.equals("reset")) {
        socket.setSoLinger(true, 0);
      } else {
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // the client has gone: that is the case at hand
    }
  }

  private static String http(String status, String headers, String body) {
    return "HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        .formatted(status, headers, body.length(), body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reset",
        "silence",
        "garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"
      })
  void aConnectionThatEndsWithoutAnAnswerIsUnknown(String answer) throws IOException {
    isA(sendToAnswer(answer), Verdict.UNKNOWN, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "200 OK,UNKNOWN",
    "502 Bad Gateway,UNKNOWN",
    "503 Service Unavailable,UNKNOWN",
    "504 Gateway Timeout,UNKNOWN",
    "429 Too Many Requests,RETRY"
  })
  void whatABalancerAnswersProvesNothing(String status, Verdict verdict) throws IOException {
    isA(sendToAnswer(http(status, "", "<html>" + CANARY + "</html>")), verdict, 0);
  }

  @Test
  void a200WithAnExceptionHeaderIsNoSuccess() throws IOException {
    String summary = "X-ClickHouse-Summary: {\"written_rows\":\"1\"}\r\n";
    assertThat(
            sendToAnswer(http("200 OK", summary + "X-ClickHouse-Exception-Code: 999\r\n", "x"))
                .verdict())
        .isEqualTo(Verdict.UNKNOWN);
  }
}
