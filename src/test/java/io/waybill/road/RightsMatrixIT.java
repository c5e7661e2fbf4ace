package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.app.Application;
import io.waybill.app.Home;
import io.waybill.app.LocalUser;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RequestBook;
import io.waybill.policy.Identity;
import io.waybill.testing.StandInProvider;
import io.waybill.testing.WaybillProcess;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who may do what at which door. What is expected stands in the tables below, and not in the policy
 * that is asked: a cell that is wrong there and there alike is a cell that somebody wrote twice.
 */
final class RightsMatrixIT {
  private static final String STAGING = "s_orders";
  private static final String PRODUCTION = "p_orders";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  @TempDir static Path folder;
  private static final StandInProvider PROVIDER = new StandInProvider();
  private static RoadHome home;
  private static Application application;

  /** What there is in each environment. */
  private record Place(String flow, String run, String batch, String letter, String trigger) {}

  private static final Map<String, Place> PLACES = new LinkedHashMap<>();

  @BeforeAll
  static void serve() throws Exception {
    home =
        RoadHome.in(folder)
            .set("waybill.management.port", "0")
            .set("waybill.identity.oidc.issuer", PROVIDER.issuer())
            .set("waybill.identity.oidc.audience", StandInProvider.CLIENT);
    for (String flow : List.of(STAGING, PRODUCTION)) {
      home.table(flow, "id UInt64, text String").movingFlow(flow, "");
      home.drop(flow, "a.csv", "id,text\n1,a\nx2,the-secret-of-" + flow + "\n");
    }
    home.once();
    home.write(
        "policy.yaml",
        """
        version: 1
        environments:
          staging:
            tables: ["%1$s.s_*"]
          production:
            tables: ["%1$s.p_*"]
        roles:
          loader:
            write: [staging, production]
          developer:
            read: [staging]
            operate: [staging]
            members:
              - claim: { groups: developers }
              - local: developer
          operator:
            operate: [staging, production]
            members:
              - claim: { groups: operators }
              - local: operator
          steward:
            read: [production]
            members:
              - claim: { groups: stewards }
              - local: steward
          auditor:
            audit: true
            members:
              - claim: { groups: auditors }
              - local: auditor
          admin:
            administer: true
            members:
              - claim: { groups: admins }
              - local: admin
        flows:
          default-role: loader
        """
            .formatted(home.database()));
    application = home.start(false);
    PLACES.put("staging", place(STAGING));
    PLACES.put("production", place(PRODUCTION));
  }

  private static Place place(String flow) {
    Answer started =
        application
            .orders()
            .carryOut(new Order.Trigger(flow, Map.of(), ""), Identity.local("operator"));
    assertThat(started.outcome()).as(started.toString()).isEqualTo(Answer.Outcome.DONE);
    String run = home.runs(flow).get(0).id();
    String trigger = home.ledger(reader -> reader.triggers(Optional.of(flow), 1)).get(0).id();
    Awaitility.await()
        .until(
            () ->
                home.ledger(reader -> reader.triggers(Optional.of(flow), 1))
                    .get(0)
                    .ended()
                    .isPresent());
    return new Place(flow, run, run + "-00001", letter(flow), trigger);
  }

  private static String letter(String flow) {
    return home.letters().stream()
        .filter(letter -> letter.flow().equals(flow))
        .map(DeadLetterRow::id)
        .findFirst()
        .orElseThrow();
  }

  @AfterAll
  static void stop() {
    if (application != null) {
      application.close();
    }
    PROVIDER.close();
  }

  private static HttpResponse<String> ask(String role, String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(application.managementUrl().orElseThrow() + "api/v1" + path))
            .header("Authorization", "Bearer " + PROVIDER.tokenOf("anna", role + "s"))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode read(String role, String path) {
    HttpResponse<String> answer = ask(role, "GET", path, "");
    assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
    try {
      return JSON.readTree(answer.body());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean has(JsonNode list, String field, String value) {
    return StreamSupport.stream(list.spliterator(), false)
        .anyMatch(each -> each.get(field).asText().equals(value));
  }

  /** 403 names the line of the policy, and nothing of what was asked for is in it. */
  private static void assertMay(HttpResponse<String> answer, boolean may, String what) {
    if (may) {
      assertThat(answer.statusCode()).as(what + answer.body()).isIn(200, 409);
    } else {
      assertThat(answer.statusCode()).as(what + answer.body()).isEqualTo(403);
      assertThat(answer.body())
          .contains("FORBIDDEN", "policy.yaml:")
          .doesNotContain("the-secret-of", "Exception");
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    // role, environment, sees its papers, sees rows, operates, sees configuration
    "developer, staging,    yes, yes, yes, no",
    "developer, production, no,  no,  no,  no",
    "operator,  staging,    yes, no,  yes, no",
    "operator,  production, yes, no,  yes, no",
    "steward,   staging,    no,  no,  no,  no",
    "steward,   production, yes, yes, no,  no",
    "auditor,   staging,    yes, no,  no,  yes",
    "auditor,   production, yes, no,  no,  yes",
    "admin,     staging,    no,  no,  no,  yes",
    "admin,     production, no,  no,  no,  yes",
    "stranger,  staging,    no,  no,  no,  no",
    "stranger,  production, no,  no,  no,  no"
  })
  void atTheManagementApi(
      String role, String environment, String sees, String rows, String operates, String setup) {
    Place place = PLACES.get(environment);
    listings(role, place, sees.equals("yes"));
    for (String path :
        List.of(
            "/flows/" + place.flow(),
            "/flows/" + place.flow() + "/batches",
            "/runs/" + place.run(),
            "/lineage?batch=" + place.batch(),
            "/triggers/" + place.trigger())) {
      assertMay(ask(role, "GET", path, ""), sees.equals("yes"), path);
    }
    HttpResponse<String> letter = ask(role, "GET", "/dead-letters/" + place.letter(), "");
    assertMay(letter, rows.equals("yes"), "dead letter");
    assertThat(letter.body().contains("the-secret-of-" + place.flow()))
        .isEqualTo(rows.equals("yes"));
    orders(place)
        .forEach(
            (path, body) -> assertMay(ask(role, "POST", path, body), operates.equals("yes"), path));
    for (String path : List.of("/configuration", "/connections", "/approvals", "/kill-switches")) {
      assertMay(ask(role, "GET", path, ""), setup.equals("yes"), path);
    }
    boolean administers = role.equals("admin");
    assertMay(ask(role, "GET", "/audit", ""), role.equals("auditor"), "/audit");
    String kill = "/kill-switches/" + environment;
    assertMay(ask(role, "POST", kill, "{\"on\":false}"), administers, kill);
    assertMay(
        ask(role, "POST", "/approvals/1/decide", "{\"approve\":true}"), administers, "approval");
  }

  private static void listings(String role, Place place, boolean sees) {
    String flow = place.flow();
    assertThat(has(read(role, "/flows").get("flows"), "flow", flow)).isEqualTo(sees);
    assertThat(has(read(role, "/runs").get("runs"), "flow", flow)).isEqualTo(sees);
    assertThat(has(read(role, "/runs?flow=" + flow).get("runs"), "flow", flow)).isEqualTo(sees);
    assertThat(has(read(role, "/triggers").get("triggers"), "flow", flow)).isEqualTo(sees);
    assertThat(has(read(role, "/dead-letters").get("deadLetters"), "flow", flow)).isEqualTo(sees);
    assertThat(has(read(role, "/dead-letters/groups").get("groups"), "flow", flow)).isEqualTo(sees);
    for (String path : List.of("/throughput", "/checks", "/me", "/status")) {
      String text = read(role, path).toString();
      if (!sees) {
        assertThat(text).doesNotContain(flow);
      }
    }
  }

  /** What changes nothing where it is allowed, or is not possible. */
  private static Map<String, String> orders(Place place) {
    Map<String, String> orders = new LinkedHashMap<>();
    orders.put("/flows/" + place.flow() + "/pause", "{}");
    orders.put("/flows/" + place.flow() + "/trigger", "{}");
    orders.put(
        "/flows/" + place.flow() + "/backfill", "{\"from\":\"2026-01-02\",\"to\":\"2026-01-01\"}");
    orders.put("/flows/" + place.flow() + "/resume", "{}");
    orders.put("/runs/" + place.run() + "/rerun", "{}");
    orders.put("/runs/" + place.run() + "/reconcile", "{}");
    orders.put("/runs/" + place.run() + "/cancel", "{}");
    orders.put("/runs/" + place.run() + "/mark", "{\"state\":\"nothing\",\"note\":\"a test\"}");
    orders.put("/triggers/" + place.trigger() + "/cancel", "{}");
    String letters = "{\"letters\":[\"%s\",\"none\"]".formatted(place.letter());
    orders.put("/dead-letters/replay", letters + "}");
    orders.put("/dead-letters/replay-mended", letters + ",\"records\":\"id,text\\n\"}");
    orders.put("/dead-letters/discard", letters + ",\"reason\":\"t\"}");
    return orders;
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "developer, staging,    yes",
    "developer, production, no",
    "operator,  staging,    yes",
    "operator,  production, yes",
    "steward,   staging,    no",
    "steward,   production, no",
    "auditor,   staging,    no",
    "auditor,   production, no",
    "admin,     staging,    no",
    "admin,     production, no",
    "stranger,  staging,    no",
    "stranger,  production, no"
  })
  void atTheCommandLine(String role, String environment, String operates) {
    Place place = PLACES.get(environment);
    for (Order order : commands(place)) {
      for (Answer answer :
          List.of(
              application.orders().carryOut(order, Identity.local(role)),
              byLedger(order, role + "@local"))) {
        boolean denied = answer.outcome() == Answer.Outcome.DENIED;
        assertThat(denied).as(order + ": " + answer).isEqualTo(operates.equals("no"));
        assertThat(String.join(" ", answer.lines()).contains("policy.yaml:")).isEqualTo(denied);
      }
    }
  }

  private static List<Order> commands(Place place) {
    return List.of(
        new Order.Pause(place.flow()),
        new Order.Trigger(place.flow(), Map.of(), ""),
        new Order.Backfill(place.flow(), "2026-01-02", "2026-01-01", "1d", 1, Map.of()),
        new Order.Resume(place.flow()),
        new Order.Rerun(place.run(), false, false),
        new Order.Reconcile(place.run(), false),
        new Order.CancelRun(place.run()),
        new Order.MarkRun(place.run(), "nothing", "a test"),
        new Order.CancelTrigger(place.trigger()),
        new Order.Replay(List.of(place.letter(), "none")),
        new Order.ReplayMended("/there/is/none", List.of(place.letter(), "none")),
        new Order.Discard(List.of(place.letter(), "none"), "a test"));
  }

  /** As a command leaves it for the process that serves. */
  private static Answer byLedger(Order order, String by) {
    try (RequestBook requests = RequestBook.of(new Home(folder).ledger())) {
      long number = requests.send(write(order), by, Instant.now());
      Awaitility.await().until(() -> requests.answer(number).isPresent());
      return JSON.readValue(requests.answer(number).orElseThrow(), Answer.class);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String write(Order order) throws java.io.IOException {
    return JSON.writeValueAsString(order);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "developer, no",
    "operator, no",
    "steward, no",
    "auditor, no",
    "admin, yes",
    "stranger, no"
  })
  void governingAtTheCommandLine(String role, String administers) {
    for (Order order :
        List.of(new Order.KillSwitch("production", false), new Order.Decide(1, true))) {
      for (Answer answer :
          List.of(
              application.orders().carryOut(order, Identity.local(role)),
              byLedger(order, role + "@local"))) {
        assertThat(answer.outcome() == Answer.Outcome.DENIED)
            .as(order + ": " + answer)
            .isEqualTo(administers.equals("no"));
      }
    }
  }

  @Test
  void whatTheLedgerSaysOfTheSourceOfAnOrderIsNotBelieved() {
    Order order = new Order.Pause(PLACES.get("production").flow());
    for (String by : List.of("operator@oidc", "operator@token", "operators")) {
      assertThat(byLedger(order, by).outcome()).as(by).isEqualTo(Answer.Outcome.DENIED);
    }
  }

  @Test
  void anOrderOverTwoEnvironmentsNeedsTheRightInBoth() {
    String body =
        "{\"letters\":[\"%s\",\"%s\"]}"
            .formatted(PLACES.get("staging").letter(), PLACES.get("production").letter());
    assertMay(ask("developer", "POST", "/dead-letters/replay", body), false, "replay of both");
  }

  @Test
  @Timeout(120)
  void eventsTellOnlyWhatTheirListenerMaySee() throws Exception {
    HttpResponse<InputStream> events =
        CLIENT.send(
            HttpRequest.newBuilder(
                    URI.create(application.managementUrl().orElseThrow() + "api/v1/events"))
                .header("Authorization", "Bearer " + PROVIDER.tokenOf("anna", "developers"))
                .build(),
            BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).startsWith("retry");
      home.drop(PRODUCTION, "b.csv", "id,text\n7,hidden\n");
      Awaitility.await().until(() -> home.runs(PRODUCTION).size() == 2);
      home.drop(STAGING, "b.csv", "id,text\n7,seen\n");
      StringBuilder told = new StringBuilder();
      while (!told.toString().contains("\"state\":\"completed\"")) {
        told.append(lines.readLine());
      }
      assertThat(told.toString()).contains(STAGING).doesNotContain(PRODUCTION);
    }
  }

  @Test
  void anOrderIsKnownToWhoGaveIt() throws Exception {
    String flow = PLACES.get("staging").flow();
    HttpResponse<String> given = ask("developer", "POST", "/flows/" + flow + "/trigger", "{}");
    JsonNode order = JSON.readTree(given.body());
    assertThat(order.get("by").asText()).isEqualTo("anna@oidc");
    String path = "/orders/" + order.get("order").asText();
    assertThat(ask("developer", "GET", path, "").statusCode()).isEqualTo(200);
    assertThat(ask("operator", "GET", path, "").statusCode()).isEqualTo(404);
    assertThat(ask("auditor", "GET", path, "").statusCode()).isEqualTo(200);
    assertThat(home.ledger(reader -> reader.triggers(Optional.of(flow), 1)).get(0).by())
        .isEqualTo("anna@oidc");
  }

  @Test
  void whoIsRefusedStandsInTheTrail() {
    String flow = PLACES.get("production").flow();
    assertMay(ask("developer", "POST", "/flows/" + flow + "/pause", "{}"), false, "pause");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(
                        home.query(
                            "SELECT DISTINCT ordered_by, identity_source, action, outcome,"
                                + " rule LIKE 'policy.yaml:%' FROM waybill.audit"
                                + " WHERE kind = 'denied' AND action = 'pause'"
                                + " AND ordered_by = 'anna@oidc'"))
                    .isEqualTo("anna@oidc\toidc\tpause\tdenied\t1"));
  }

  /** The user under whom tests run has no role, and reads no rows. */
  @Test
  void rowsAreShownAtTheCommandLineToThoseWhoMayReadThem() {
    String letter = PLACES.get("staging").letter();
    String table = home.database() + "." + STAGING;
    for (String[] command :
        List.of(
            new String[] {"sql", "SELECT * FROM " + table},
            new String[] {"trace", table, "text = 'a'"},
            new String[] {"dead-letters", "show", letter},
            new String[] {"dead-letters", "export", "--flow", STAGING, "--to", "out.csv"})) {
      WaybillProcess.Result result =
          WaybillProcess.run(folder, Map.of(), command).withoutStackTrace();
      assertThat(result.exitCode()).as(result.all()).isEqualTo(3);
      assertThat(result.err()).contains("denied: ", "policy.yaml:");
      assertThat(result.all()).doesNotContain("the-secret-of");
    }
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        home.query(
                            "SELECT action FROM waybill.audit WHERE kind = 'denied' AND ordered_by = '%s@local' AND ledger = '%s' AND rule LIKE 'policy.yaml:%%' ORDER BY seq"
                                .formatted(
                                    LocalUser.name(), home.ledger(LedgerReader::id).orElseThrow())))
                    .startsWith("sql\ntrace\ndead-letters show\ndead-letters export"));
    WaybillProcess.Result who = WaybillProcess.run(folder, Map.of(), "whoami");
    assertThat(who.out()).contains("@local", "no role");
    WaybillProcess.Result order = WaybillProcess.run(folder, Map.of(), "pause", STAGING);
    assertThat(order.exitCode()).as(order.all()).isEqualTo(3);
    assertThat(order.all()).contains("denied: ", "policy.yaml:");
  }

  @Test
  void nobodyIsAskedAboutWithoutAnIdentity() throws Exception {
    String url = application.managementUrl().orElseThrow();
    for (String path : List.of("api/v1/flows", "api/v1/events", "metrics", "health")) {
      HttpResponse<String> answer =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .hasValue("Bearer realm=\"waybill\"");
    }
  }
}
