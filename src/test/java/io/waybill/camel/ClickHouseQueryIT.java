package io.waybill.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.clickhouse.QueryFailedException;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code clickhouse:} asks through a real Camel. */
@Timeout(60)
class ClickHouseQueryIT {
  private static final String STREAM = "?operation=query&format=CSV&outputType=stream";
  private ComponentContext camel;

  @BeforeEach
  void start() {
    camel = new ComponentContext();
  }

  @AfterEach
  void stop() {
    camel.close();
  }

  @Test
  void anAnswerIsAStringOrBytes() {
    String sql = "SELECT number AS n FROM numbers(2)";
    String options = "?operation=query&format=CSV&outputType=";
    Exchange text = camel.send(options + "string", sql, Map.of());
    assertThat(text.getMessage().getBody()).isEqualTo("0\n1\n");
    assertThat(text.getMessage().getHeader(ClickHouseHeaders.QUERY_ID, String.class)).isNotBlank();
    assertThat(text.getMessage().getHeader(ClickHouseHeaders.READ_ROWS)).isInstanceOf(Long.class);
    assertThat(camel.send(options + "bytes", sql, Map.of()).getMessage().getBody())
        .isEqualTo("0\n1\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aHeaderMayAskForAnotherOperationAndFormat() {
    Exchange asked =
        camel.send(
            ".t",
            "SELECT 1 AS n",
            Map.of(ClickHouseHeaders.OPERATION, "query", ClickHouseHeaders.FORMAT, "TSVWithNames"));
    assertThat(asked.getMessage().getBody()).isEqualTo("n\n1\n");
    assertThat(camel.send("?operation=query", " ", Map.of()).getException())
        .hasMessage("operation=query wants the SQL as body");
  }

  @Test
  void aStreamIsReadToItsEndByTheNextStep() throws Exception {
    route(exchange -> exchange.getMessage().setBody(body(exchange).readAllBytes().length));
    Exchange asked = ask("SELECT repeat('x', 99) FROM numbers(20000)", UUID.randomUUID());
    assertThat(asked.getException()).isNull();
    // 99 letters, two quotes, a line's end
    assertThat(asked.getMessage().getBody()).isEqualTo(20_000 * 102);
  }

  @Test
  void aStreamIsNotCollectedInMemoryAndItsQueryEndsWithTheExchange() throws Exception {
    UUID id = UUID.randomUUID();
    route(
        exchange -> {
          InputStream answer = body(exchange);
          assertThat(new String(answer.readNBytes(4), StandardCharsets.UTF_8)).isEqualTo("0\n1\n");
          exchange.getMessage().setBody(runs(id));
        });
    Exchange asked = ask("SELECT number FROM numbers(30000000)", id);
    assertThat(asked.getException()).isNull();
    assertThat(asked.getMessage().getBody()).isEqualTo(true);
    Awaitility.await().until(() -> !runs(id));
  }

  @Test
  void aStepThatClosesAHalfReadStreamStopsItsQuery() throws Exception {
    UUID id = UUID.randomUUID();
    route(
        exchange -> {
          try (InputStream answer = body(exchange)) {
            assertThat(answer.read()).isEqualTo('0');
          }
          exchange.getMessage().setBody(null);
          Awaitility.await().until(() -> !runs(id));
        });
    assertThat(ask("SELECT number FROM numbers(30000000)", id).getException()).isNull();
  }

  @Test
  void streamsThatNobodyReadsDoNotUseTheConnectionsUp() {
    for (int i = 0; i < 40; i++) {
      Exchange asked = camel.send(STREAM, "SELECT number FROM numbers(1000000)", Map.of());
      assertThat(asked.getException()).isNull();
    }
    assertThat(camel.send("?operation=ping", "", Map.of()).getMessage().getBody()).isEqualTo(true);
  }

  private void route(org.apache.camel.Processor next) throws Exception {
    camel
        .camel()
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("direct:ask").to("clickhouse:" + camel.database() + STREAM).process(next);
              }
            });
  }

  private Exchange ask(String sql, UUID id) {
    return camel.sendTo("direct:ask", sql, Map.of(ClickHouseHeaders.QUERY_ID, id.toString()));
  }

  private static InputStream body(Exchange exchange) throws IOException {
    assertThat(exchange.getMessage().getBody()).isInstanceOf(InputStream.class);
    return (InputStream) exchange.getMessage().getBody();
  }

  private static boolean runs(UUID id) {
    String sql = "SELECT count() FROM system.processes WHERE query_id = '" + id + "'";
    return TestClickHouse.query(sql).equals("1");
  }

  @Test
  void queryIdCommentAndSettingsArePassed() {
    String id = UUID.randomUUID().toString();
    Exchange asked =
        camel.send(
            "?operation=query&format=TSV&logComment=why&settings.max_threads=3&queryId=" + id,
            "SELECT queryID(), getSetting('log_comment'), getSetting('max_threads')",
            Map.of());
    assertThat(asked.getException()).isNull();
    assertThat(asked.getMessage().getBody()).isEqualTo(id + "\twhy\t3\n");
    assertThat(asked.getMessage().getHeader(ClickHouseHeaders.QUERY_ID)).isEqualTo(id);
  }

  @Test
  void theRoleIsSetForTheRequest() {
    // the users of the tests' server come out of its configuration, and can have no roles
    assertThat(
            camel.send("?operation=query&role=no_such_role", "SELECT 1", Map.of()).getException())
        .isInstanceOfSatisfying(
            QueryFailedException.class,
            failed -> assertThat(failed.name()).isEqualTo("UNKNOWN_ROLE"));
  }

  @Test
  void aCommentThatIsNotGivenIsFlowAndRun() throws Exception {
    String sql = "SELECT getSetting('log_comment')";
    String uri = "clickhouse:%s?operation=query&format=TSVRaw".formatted(camel.database());
    camel
        .camel()
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("direct:flow").routeId("my-flow").to(uri);
              }
            });
    Map<String, Object> run = Map.of(WaybillHeaders.RUN, "r-1");
    assertThat(camel.sendTo("direct:flow", sql, run).getMessage().getBody())
        .isEqualTo("{\"flow\":\"my-flow\",\"run\":\"r-1\"}\n");
    assertThat(camel.sendTo(uri, sql, Map.of()).getMessage().getBody()).isEqualTo("\n");
  }

  @Test
  void aPingIsTrueOrFalse() {
    assertThat(camel.send("?operation=ping", "", Map.of()).getMessage().getBody()).isEqualTo(true);
    Exchange nobody = camel.send("?operation=ping&serverUrl=http://127.0.0.1:1", "", Map.of());
    assertThat(nobody.getMessage().getBody()).isEqualTo(false);
    assertThat(nobody.getMessage().getHeader(ClickHouseHeaders.PING_OK)).isEqualTo(false);
  }
}
