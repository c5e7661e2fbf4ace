package io.waybill.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.InsertFailedException;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.testing.TestClickHouse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code clickhouse:} inserts through a real Camel, and how it fails. */
@Timeout(60)
class ClickHouseComponentIT {
  private static final String ROW = "{\"a\":1}\n";
  private static final String SECRET = "s3cretWord";
  @TempDir private Path folder;
  private ComponentContext camel;

  @BeforeEach
  void start() {
    camel = new ComponentContext();
    TestClickHouse.execute(
        """
        CREATE TABLE %s.t (a UInt32) ENGINE = MergeTree ORDER BY a
        SETTINGS non_replicated_deduplication_window = 100"""
            .formatted(camel.database()));
  }

  @AfterEach
  void stop() {
    camel.close();
  }

  private void assertRows(Integer... expected) {
    String rows =
        TestClickHouse.query(
            "SELECT groupArray(a) FROM (SELECT a FROM %s.t ORDER BY a)"
                .formatted(camel.database()));
    assertThat(rows).isEqualTo(List.of(expected).toString().replace(" ", ""));
  }

  private static String row(int a) {
    return "{\"a\":" + a + "}\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aStreamBytesAStringAndAFileAreInserted() throws IOException {
    Path file = Files.write(folder.resolve("x.json"), bytes(row(4)));
    List<Object> bodies =
        List.of(new ByteArrayInputStream(bytes(row(1))), bytes(row(2)), row(3), file.toFile());
    for (Object body : bodies) {
      Exchange sent = camel.send(".t", body, Map.of());
      assertThat(sent.getException()).isNull();
      assertThat(sent.getMessage().getHeader(ClickHouseHeaders.WRITTEN_ROWS)).isEqualTo(1L);
      assertThat(sent.getMessage().getHeader(ClickHouseHeaders.QUERY_ID, String.class))
          .isNotBlank();
    }
    assertRows(1, 2, 3, 4);
  }

  @Test
  void aBodyThatIsNoBytesIsRefused() {
    assertThat(camel.send(".t", List.of(ROW), Map.of()).getException())
        .hasMessageContaining("inserts an InputStream, byte[], String or File, not java.util.");
    assertThat(camel.send(".t", null, Map.of()).getException()).hasMessageContaining("not nothing");
    assertRows();
  }

  @Test
  void pathOptionAndHeaderNameTheTable() {
    String other = TestClickHouse.createDatabase();
    Map<String, Object> headers =
        Map.of(
            ClickHouseHeaders.DATABASE,
            camel.database(),
            ClickHouseHeaders.TABLE,
            "t",
            ClickHouseHeaders.FORMAT,
            "CSV");
    assertThat(camel.send("?table=t", row(1), Map.of()).getException()).isNull();
    assertThat(camel.send("", row(2), Map.of(ClickHouseHeaders.TABLE, "t")).getException())
        .isNull();
    assertThat(camel.sendTo("clickhouse:" + other + ".nope", "3\n", headers).getException())
        .isNull();
    assertThat(camel.send("", row(4), Map.of()).getException())
        .hasMessageContaining("nothing names the table");
    assertRows(1, 2, 3);
  }

  @Test
  void whatComesTwiceWithOneTokenIsInsertedOnce() {
    for (int i = 0; i < 2; i++) {
      assertThat(camel.send(".t?deduplicationToken=k", row(1), Map.of()).getException()).isNull();
      assertThat(
              camel
                  .send(".t", row(2), Map.of(ClickHouseHeaders.DEDUPLICATION_TOKEN, "h"))
                  .getException())
          .isNull();
      // it is the token that counts, not what is in it
      assertThat(camel.send(".t?deduplicationToken=k", row(3), Map.of()).getException()).isNull();
    }
    assertRows(1, 2);
  }

  @Test
  void queryIdCommentAndSettingsOfAnInsertArriveInTheQueryLog() {
    String fromOption = UUID.randomUUID().toString();
    String fromHeader = UUID.randomUUID().toString();
    camel.send(
        ".t?logComment=why&settings.max_insert_threads=1&settings.max_threads=3&queryId="
            + fromOption,
        row(1),
        Map.of());
    Exchange sent =
        camel.send(
            ".t",
            row(2),
            Map.of(ClickHouseHeaders.QUERY_ID, fromHeader, WaybillHeaders.RUN, "r-1"));
    assertThat(sent.getMessage().getHeader(ClickHouseHeaders.QUERY_ID)).isEqualTo(fromHeader);
    assertThat(logged(fromOption)).isEqualTo("why\t3");
    assertThat(logged(fromHeader)).startsWith("{\"run\":\"r-1\"}\t");
  }

  private static String logged(String queryId) {
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    return TestClickHouse.query(
        "SELECT log_comment, Settings['max_threads'] FROM system.query_log WHERE query_id = '"
            + queryId
            + "' AND type = 'QueryFinish' FORMAT TSVRaw");
  }

  @Test
  void whatItDoesNotKnowIsNamed() {
    assertThatThrownBy(() -> camel.camel().getEndpoint("clickhouse:x.t?tabel=y"))
        .hasMessageContaining("tabel");
    assertThatThrownBy(() -> camel.camel().getEndpoint("clickhouse:x.t?settings.Max-Rows=1"))
        .rootCause()
        .hasMessageContaining("settings.Max-Rows is no name of a ClickHouse setting");
    for (String operation : List.of("insert", "query")) {
      assertThat(
              camel
                  .send(".t?format=Nope&operation=" + operation, "SELECT 1", Map.of())
                  .getException())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("there is no format Nope");
    }
    assertThat(camel.send(".t", ROW, Map.of(ClickHouseHeaders.OPERATION, "drop")).getException())
        .hasMessage("header CamelClickHouseOperation is drop, not insert, query or ping");
    assertThat(camel.send(".t?settings.no_such_setting=1", ROW, Map.of()).getException())
        .hasMessageContaining("UNKNOWN_SETTING");
    assertRows();
  }

  @Test
  void endpointsWithTheSameCredentialsShareAClient() {
    String writer = "&username=writer&password=" + TestClickHouse.EXTRA_PASSWORD;
    ClickHouseClient first = camel.clientOf("clickhouse:x.t?format=CSV" + writer);
    assertThat(camel.clientOf("clickhouse:x.u?format=TSV" + writer)).isSameAs(first);
    assertThat(camel.clientOf("clickhouse:x.t?format=CSV"))
        .isSameAs(camel.configuredClient())
        .isNotSameAs(first);
    assertThat(camel.send(".t?format=JSONEachRow" + writer, ROW, Map.of()).getException()).isNull();
    assertRows(1);
  }

  @Test
  void aWrongPasswordIsToldWithItsCodeAndWithoutThePassword() {
    String login = "?username=writer&password=" + SECRET;
    Exception query = camel.send(login + "&operation=query", "SELECT 1", Map.of()).getException();
    Exception insert = camel.send(".t" + login, ROW, Map.of()).getException();
    assertThat(query)
        .isInstanceOfSatisfying(
            QueryFailedException.class, failed -> assertThat(failed.code()).isEqualTo(516));
    assertInsertFailed(insert, 516, "AUTHENTICATION_FAILED");
    for (Exception told : List.of(query, insert)) {
      StringWriter trace = new StringWriter();
      told.printStackTrace(new PrintWriter(trace));
      assertThat(trace.toString()).doesNotContain(SECRET);
    }
  }

  @Test
  void aMissingTableARoleAndAServerThatIsNotThereAreTyped() {
    Exchange missing = camel.send(".nope", ROW, Map.of());
    assertInsertFailed(missing.getException(), 60, "UNKNOWN_TABLE");
    Exchange query =
        camel.send("?operation=query", "SELECT * FROM " + camel.database() + ".nope", Map.of());
    assertThat(query.getException())
        .isInstanceOfSatisfying(
            QueryFailedException.class,
            failed -> assertThat(failed.name()).isEqualTo("UNKNOWN_TABLE"));
    assertInsertFailed(
        camel.send(".t?role=no_such_role", ROW, Map.of()).getException(), 511, "UNKNOWN_ROLE");
    assertInsertFailed(
        camel.send(".t?serverUrl=http://127.0.0.1:1", ROW, Map.of()).getException(),
        0,
        "CONNECTION_REFUSED");
    assertRows();
  }

  private static void assertInsertFailed(Exception thrown, int code, String name) {
    assertThat(thrown).hasMessageContaining(name);
    assertThat(thrown.getCause())
        .isInstanceOfSatisfying(
            InsertFailedException.class, failed -> assertThat(failed.code()).isEqualTo(code));
  }

  @Test
  void refusedContentIsToldWithoutItsValues() {
    Exception thrown = camel.send(".t", "{\"a\":\"" + SECRET + "\"}\n", Map.of()).getException();
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).contains("InsertFailedException").doesNotContain(SECRET);
  }
}
