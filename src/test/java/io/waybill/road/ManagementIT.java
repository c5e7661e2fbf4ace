package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.waybill.app.Application;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.testing.TestClickHouse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The management API of a process that serves. */
final class ManagementIT {
  private static final String FLOW = "managed";
  private static final String API = "api/v1";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  @TempDir Path folder;
  private RoadHome home;
  private String token = "";

  @BeforeEach
  void refuse() {
    home = RoadHome.in(folder).set("waybill.management.port", "0");
    home.table(FLOW, "id UInt64, day Date, text String").movingFlow(FLOW, "batchRows=3&inFlight=1");
    home.drop(
        FLOW, "a.csv", "id,day,text\n1,2024-01-01,a\nx2,2024-01-02,b\n3,2024-01-03,c\n4,gone,d\n");
    home.once();
  }

  private HttpRequest.Builder request(Application application, String path) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(application.managementUrl().orElseThrow() + path));
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> get(Application application, String path) {
    return send(request(application, API + path));
  }

  private JsonNode read(Application application, String path) {
    HttpResponse<String> answer = get(application, path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private HttpResponse<String> post(Application application, String path, Object body)
      throws IOException {
    return send(
        request(application, API + path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private List<String> letters() {
    return home.letters().stream()
        .filter(letter -> letter.state() == DeadLetterRow.State.STORED)
        .map(DeadLetterRow::id)
        .toList();
  }

  private void mendTable() {
    TestClickHouse.execute(
        "ALTER TABLE %s.%s MODIFY COLUMN id String, MODIFY COLUMN day String"
            .formatted(home.database(), FLOW));
  }

  /** Asks every endpoint of the document and compares the answers with what it says of them. */
  @Test
  void everyAnswerIsWhatTheOpenApiDocumentSays() throws Exception {
    try (Application application = home.start(false)) {
      JsonNode document = read(application, "/openapi.json");
      assertThat(document.get("openapi").asText()).isEqualTo("3.1.0");
      String run = home.runs(FLOW).get(0).id();
      List<String> letters = letters();
      Map<String, String> parts =
          Map.of(
              "flow",
              FLOW,
              "run",
              run,
              "deadLetter",
              letters.get(0),
              "order",
              "1",
              "trigger",
              started(application),
              "approval",
              "1",
              "name",
              FLOW);
      Map<String, Object> bodies =
          Map.ofEntries(
              Map.entry("/flows/{flow}/trigger", Map.of("parameters", Map.of("day", "2026-01-01"))),
              Map.entry("/flows/{flow}/backfill", Map.of("from", "2026-01-01", "to", "2026-01-02")),
              Map.entry("/flows/{flow}/pause", Map.of()),
              Map.entry("/flows/{flow}/resume", Map.of()),
              Map.entry("/approvals/{approval}/decide", Map.of("approve", true)),
              Map.entry("/kill-switches/{name}", Map.of("on", false)),
              Map.entry("/triggers/{trigger}/cancel", Map.of()),
              Map.entry("/runs/{run}/cancel", Map.of()),
              Map.entry("/runs/{run}/mark", Map.of("state", "completed", "note", "a test")),
              Map.entry("/runs/{run}/rerun", Map.of()),
              Map.entry("/runs/{run}/reconcile", Map.of("send", false)),
              Map.entry("/dead-letters/replay", Map.of("letters", List.of(letters.get(0)))),
              Map.entry(
                  "/dead-letters/replay-mended",
                  Map.of(
                      "letters",
                      List.of(letters.get(1)),
                      "records",
                      "id,day,text\n4,2024-01-04,d\n")),
              Map.entry(
                  "/dead-letters/discard",
                  Map.of("letters", List.of("nobody"), "reason", "a test")));
      Set<String> asked = new TreeSet<>();
      for (String method : List.of("post", "get")) {
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
          JsonNode operation = path.getValue().get(method);
          if (operation == null || path.getKey().equals("/events")) {
            continue;
          }
          String filled = path.getKey();
          for (Map.Entry<String, String> part : parts.entrySet()) {
            filled = filled.replace("{" + part.getKey() + "}", part.getValue());
          }
          HttpResponse<String> answer =
              method.equals("get")
                  ? get(
                      application,
                      filled + (filled.equals("/lineage") ? "?batch=" + run + "-00001" : ""))
                  : post(application, filled, bodies.get(path.getKey()));
          assertThat(errors(document, operation, answer)).as(filled + answer.body()).isEmpty();
          asked.add(method + " " + path.getKey() + " " + answer.statusCode());
        }
      }
      assertThat(asked)
          .hasSizeGreaterThan(18)
          .contains("post /dead-letters/discard 409", "get /lineage 200", "get /orders/{order} 200")
          .filteredOn(each -> !each.endsWith(" 200"))
          .contains("post /dead-letters/discard 409")
          .isSubsetOf(
              "post /dead-letters/discard 409",
              // there is none
              "post /approvals/{approval}/decide 409",
              "post /kill-switches/{name} 409",
              // what has ended cannot be stopped, and is what it is
              "post /triggers/{trigger}/cancel 409",
              "post /runs/{run}/cancel 409",
              "post /runs/{run}/mark 409");
    }
  }

  /** Starts the flow, and waits until that has ended; the id of the trigger. */
  private String started(Application application) throws IOException {
    assertThat(post(application, "/flows/" + FLOW + "/trigger", Map.of()).statusCode())
        .isEqualTo(200);
    Awaitility.await()
        .until(() -> triggers(application).allMatch(each -> !each.get("endedAt").isNull()));
    return triggers(application).findFirst().orElseThrow().get("trigger").asText();
  }

  private Stream<JsonNode> triggers(Application application) {
    return StreamSupport.stream(
        read(application, "/triggers?flow=" + FLOW).get("triggers").spliterator(), false);
  }

  @Test
  void aFlowIsStartedWithParametersAndRests() throws Exception {
    try (Application application = home.start(false)) {
      Awaitility.await().until(this::isQuiet);
      post(
          application,
          "/flows/" + FLOW + "/trigger",
          Map.of("parameters", Map.of("day", "2026-01-01")));
      Awaitility.await()
          .until(
              () ->
                  triggers(application)
                      .allMatch(each -> each.get("state").asText().startsWith("completed")));
      JsonNode trigger = triggers(application).findFirst().orElseThrow();
      assertThat(trigger.get("kind").asText()).isEqualTo("manual");
      assertThat(trigger.get("by").asText()).isEqualTo("management API");
      assertThat(trigger.get("parameters").get("day").asText()).isEqualTo("2026-01-01");
      assertThat(post(application, "/flows/" + FLOW + "/pause", Map.of()).statusCode())
          .isEqualTo(200);
      JsonNode flow = read(application, "/flows/" + FLOW);
      assertThat(flow.get("state").asText()).isEqualTo("paused");
      assertThat(flow.get("pausedBy").asText()).isEqualTo("management API");
      assertThat(post(application, "/flows/" + FLOW + "/resume", Map.of()).statusCode())
          .isEqualTo(200);
      Awaitility.await()
          .until(() -> read(application, "/flows/" + FLOW).get("state").asText().equals("running"));
    }
  }

  private static List<String> errors(
      JsonNode document, JsonNode operation, HttpResponse<String> answer) {
    String type = answer.statusCode() == 200 ? "application/json" : "application/problem+json";
    String response = answer.statusCode() == 200 ? "200" : "default";
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(type);
    ObjectNode schema =
        operation
            .at("/responses/%s/content".formatted(response))
            .get(type)
            .get("schema")
            .deepCopy();
    schema.set("components", document.get("components"));
    JsonSchema compiled =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    return compiled.validate(json(answer)).stream().map(ValidationMessage::toString).toList();
  }

  @Test
  void mendedRecordsSettleTheirDeadLettersOnce() throws Exception {
    try (Application application = home.start(false)) {
      JsonNode letter = read(application, "/dead-letters/" + letters().get(0));
      assertThat(letter.get("header").asText()).isEqualTo("id,day,text\n");
      assertThat(letter.get("text").asText()).isEqualTo("x2,2024-01-02,b\n");
      Map<String, Object> mended =
          Map.of("letters", letters(), "records", "id,day,text\n2,2024-01-02,b\n4,2024-01-04,d\n");

      HttpResponse<String> first = post(application, "/dead-letters/replay-mended", mended);
      HttpResponse<String> second = post(application, "/dead-letters/replay-mended", mended);

      assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
      assertThat(json(first).get("state").asText()).isEqualTo("done");
      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(home.rows(FLOW, "id")).containsExactly("1", "2", "3", "4");
      assertThat(read(application, "/dead-letters").get("deadLetters")).isEmpty();
      assertThat(home.files("data/spool")).isEmpty();
    }
  }

  @Test
  void theTrailComesInPagesAndByWhatItSays() throws Exception {
    try (Application application = home.start(false)) {
      Awaitility.await().until(this::isQuiet);
      post(application, "/flows/" + FLOW + "/pause", Map.of());
      List<String> seen = new ArrayList<>();
      String cursor = "";
      do {
        JsonNode page = read(application, "/audit?limit=2&to=2100-01-01T00:00:00Z" + cursor);
        page.get("events").forEach(event -> seen.add(event.get("event").asText()));
        cursor = page.get("next").isNull() ? "" : "&cursor=" + page.get("next").asText();
      } while (!cursor.isEmpty());
      assertThat(seen).doesNotHaveDuplicates().contains("1-1").hasSizeGreaterThan(4);
      JsonNode orders = read(application, "/audit?kind=order&flow=" + FLOW).get("events");
      assertThat(orders).hasSize(1);
      assertThat(orders.get(0).get("action").asText()).isEqualTo("pause");
      assertThat(orders.get(0).get("orderedBy").asText()).isEqualTo("management API");
      assertThat(orders.get(0).get("hash").asText()).hasSize(64);
      assertThat(read(application, "/audit?kind=batch,run&outcome=committed").get("events"))
          .isNotEmpty();
      assertThat(get(application, "/audit?kind=nonsense").statusCode()).isEqualTo(400);
      assertThat(get(application, "/audit?cursor=1").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void runsComeInPagesThatNeitherLeaveOutNorRepeat() throws Exception {
    for (int i = 0; i < 7; i++) {
      home.drop(
          FLOW, "more-%d.csv".formatted(i), "id,day,text\n%d,2024-01-01,x\n".formatted(10 + i));
    }
    try (Application application = home.start(false)) {
      Awaitility.await().until(() -> home.runs(FLOW).size() == 8 && isQuiet());
      List<String> seen = new ArrayList<>();
      String cursor = "";
      do {
        JsonNode page = read(application, "/runs?limit=3" + cursor);
        page.get("runs").forEach(run -> seen.add(run.get("run").asText()));
        cursor = page.get("next").isNull() ? "" : "&cursor=" + page.get("next").asText();
      } while (!cursor.isEmpty());
      List<String> all = new ArrayList<>(home.runs(FLOW).stream().map(run -> run.id()).toList());
      java.util.Collections.reverse(all);
      assertThat(seen).containsExactlyElementsOf(all);
      assertThat(read(application, "/runs?text=MORE-3").get("runs")).hasSize(1);
      assertThat(read(application, "/runs?text=%25").get("runs")).isEmpty();
      assertThat(read(application, "/runs?state=completed_with_dead_letters").get("runs"))
          .hasSize(1);
      assertThat(get(application, "/runs?state=nonsense").statusCode()).isEqualTo(400);
      assertThat(get(application, "/runs?cursor=%21").statusCode()).isEqualTo(400);
      assertThat(get(application, "/runs?flows=x").body()).contains("BAD_REQUEST", "cursor");
    }
  }

  private boolean isQuiet() {
    return home.states(FLOW).stream().noneMatch("running"::equals);
  }

  @Test
  void whatDidNotChangeIsNotSentAgain() {
    try (Application application = home.start(false)) {
      String tag = get(application, "/configuration").headers().firstValue("ETag").orElseThrow();
      HttpResponse<String> again =
          send(request(application, API + "/configuration").header("If-None-Match", tag));
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
    }
  }

  @Test
  void secretsAreInNoAnswer() {
    try (Application application = home.start(false)) {
      String password = TestClickHouse.server().password();
      for (String path : List.of("/configuration", "/connections", "/status", "/flows")) {
        assertThat(get(application, path).body()).doesNotContain(password);
      }
      assertThat(get(application, "/configuration").body())
          .contains("{\"key\":\"waybill.clickhouse.password\",\"value\":\"***\"");
    }
  }

  @Test
  @Timeout(120) // a client waits for ever for what is not told
  void eventsTellOfARunAndOfAHoldAsTheyCome() throws Exception {
    try (Application application = home.start(false)) {
      HttpResponse<InputStream> events =
          CLIENT.send(request(application, API + "/events").build(), BodyHandlers.ofInputStream());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
        assertThat(until(lines, "event: holds")).isNotEmpty();
        home.drop(FLOW, "b.csv", "id,day,text\n7,2024-01-07,g\n");
        assertThat(until(lines, "\"state\":\"completed\"")).contains("\"rows\":1", FLOW);
        home.drop(FLOW, "c.csv", "id,day,text,extra\n8,2024-01-08,h,1\n");
        assertThat(until(lines, "SCHEMA_DRIFT")).contains("\"flow\":\"" + FLOW);
      }
    }
  }

  /** The first line with this in it; the connection ends if none comes. */
  private static String until(BufferedReader lines, String text) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.contains(text)) {
        return line;
      }
    }
    throw new IOException("the events ended without " + text);
  }

  @Test
  void whatIsOrderedIsDoneByTheProcessThatServes() throws Exception {
    mendTable();
    try (Application application = home.start(false)) {
      HttpResponse<String> answer =
          post(application, "/dead-letters/replay", Map.of("letters", letters()));
      assertThat(json(answer).get("state").asText()).as(answer.body()).isEqualTo("done");
      assertThat(post(application, "/dead-letters/replay", Map.of()).body())
          .contains("the body has no letters");
      assertThat(post(application, "/dead-letters/replay", Map.of("letter", "x")).body())
          .contains("BAD_REQUEST");
      assertThat(
              post(
                      application,
                      "/dead-letters/replay-mended",
                      Map.of("letters", List.of("x"), "records", "x".repeat(17 << 20)))
                  .statusCode())
          .isEqualTo(413);
    }
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "3", "4", "x2");
  }

  @Test
  void itsAddressStandsInAFileWhileItServes() throws Exception {
    Path address = folder.resolve("data/management.url");
    try (Application application = home.start(false)) {
      assertThat(Files.readString(address).strip())
          .isEqualTo(application.managementUrl().orElseThrow());
    }
    assertThat(address).doesNotExist();
  }

  @Test
  void withATokenFileEveryRequestNeedsTheToken() throws Exception {
    Path file = home.write("token", "0123456789abcdef0123456789abcdef\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    home.set("waybill.management.token-file", "token");
    try (Application application = home.start(false)) {
      assertThat(get(application, "/flows").statusCode()).isEqualTo(401);
      assertThat(get(application, "/events").statusCode()).isEqualTo(401);
      token = "0123456789abcdef0123456789abcdef";
      assertThat(get(application, "/flows").statusCode()).isEqualTo(200);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> home.start(false)).hasStackTraceContaining("chmod 600");
  }

  @Test
  void aPortThatIsTakenStopsTheStartAndSaysWhatToSet() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      home.set("waybill.management.port", Integer.toString(taken.getLocalPort()));
      assertThatThrownBy(() -> home.start(false))
          .hasStackTraceContaining("set waybill.management.port");
    }
    home.set("waybill.management.port", "0").set("waybill.management.host", "0.0.0.0");
    assertThatThrownBy(() -> home.start(false))
        .hasStackTraceContaining("waybill.management.token-file");
  }
}
