package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.ledger.DeadLetterRow;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are made of rows, on the whole way. */
class RowBodiesIT {
  private static final String FLOW = "rows";
  private static final int MANY = 60_000;
  private static final String COLUMNS =
      "id UInt8, text String, at DateTime64(3, 'UTC') DEFAULT toDateTime64(7, 3, 'UTC')";
  private static final String[] EXPECTED = {
    "1\ta\t1970-01-01 00:00:00.500",
    "2\tb\\n\t1970-01-01 00:00:00.500",
    "3\tc\t1970-01-01 00:00:07.000"
  };
  private static final String JSON =
      """
      [{"id": 1, "text": "a", "at": "1970-01-01T00:00:00.500Z"},
       {"id": 2, "text": "b\\n", "at": "1970-01-01T00:00:00.500Z"}, {"id":
       3, "text": "c"}]
      """;
  @TempDir Path folder;
  private RoadHome home;

  /** What the routes of these tests call. */
  public static final class Bodies {
    private static final Instant AT = Instant.ofEpochMilli(500);

    private Bodies() {}

    public static List<Map<String, Object>> listOfMaps() {
      return List.of(
          Map.of("id", 1, "text", "a", "at", AT),
          Map.of("ID", 2L, "Text", "b\n", "At", AT),
          Map.of("id", BigInteger.valueOf(3), "text", "c"));
    }

    public static List<List<Object>> listOfLists() {
      return List.of(List.of(1, "a", AT), List.of("2", "b\n", AT), List.of(3, "c"));
    }

    public static Object[] arrayOfArrays() {
      return listOfLists().stream().map(List::toArray).toArray();
    }

    public static Iterator<Map<String, Object>> iteratorOfMaps() {
      return listOfMaps().iterator();
    }

    public static String jsonArray() {
      return JSON;
    }

    public static InputStream jsonStream() {
      return new ByteArrayInputStream(JSON.getBytes(StandardCharsets.UTF_8));
    }

    public static String jsonObjects() {
      return JSON.replaceAll("(?s)^\\[|\\]\\s*$", "").replace("},", "}");
    }

    public static Object jsonTree() throws Exception {
      return new ObjectMapper().readTree(JSON);
    }

    public static List<String> listOfJson() throws Exception {
      return Stream.iterate(0, i -> i < 3, i -> i + 1)
          .map(i -> ((com.fasterxml.jackson.databind.JsonNode) tree()).get(i).toPrettyString())
          .toList();
    }

    private static Object tree() {
      try {
        return jsonTree();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    public static List<Exchange> listOfExchanges(CamelContext context) {
      return List.of(
          exchange(context, listOfMaps().get(0)),
          exchange(context, listOfLists().subList(1, 2)),
          exchange(context, "{\"id\":3,\"text\":\"c\"}"));
    }

    private static Exchange exchange(CamelContext context, Object body) {
      Exchange exchange = new DefaultExchange(context);
      exchange.getMessage().setBody(body);
      return exchange;
    }

    public static ResultSet resultSet() throws SQLException {
      return DriverManager.getConnection("jdbc:sqlite::memory:")
          .createStatement()
          .executeQuery(
              """
              SELECT 1 AS ID, 'a' AS TEXT, '1970-01-01T00:00:00.500Z' AS at
              UNION ALL SELECT 2, 'b' || char(10), '1970-01-01T00:00:00.500Z'
              UNION ALL SELECT 3, 'c', '1970-01-01T00:00:07Z'""");
    }

    public static List<Map<String, Object>> oneThatDoesNotFit() {
      return List.of(
          Map.of("id", 1, "text", "a"),
          Map.of("id", 300, "text", "a secret text"),
          Map.of("id", 3, "text", "c"));
    }

    public static Iterator<Map<String, Object>> many() {
      return IntStream.range(0, MANY)
          .mapToObj(id -> Map.<String, Object>of("id", id, "text", "t" + id))
          .iterator();
    }
  }

  @BeforeEach
  void aTable() {
    home = RoadHome.in(folder).table(FLOW, COLUMNS);
    home.set("waybill.once.idle", "2s"); // a timer's thread may be slow to start
  }

  private void flow(String method, String options) {
    home.route(
        FLOW,
        """
        - route:
            id: %s
            from:
              uri: timer:once?repeatCount=1&delay=0
              steps:
                - bean: {beanType: "%s", method: "%s"}
                - to: %s
        """
            .formatted(FLOW, Bodies.class.getName(), method, home.target(FLOW, options)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "listOfMaps",
        "listOfLists",
        "arrayOfArrays",
        "iteratorOfMaps",
        "jsonArray",
        "jsonStream",
        "jsonObjects",
        "jsonTree",
        "listOfJson",
        "listOfExchanges",
        "resultSet"
      })
  void rowsOfAnyKindArriveOnce(String kind) {
    flow(kind, "batchRows=2");
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "id, text, at")).containsExactly(EXPECTED);
    assertThat(home.states(FLOW)).containsExactly("completed");
    assertThat(home.files("data/spool/" + FLOW)).isEmpty();
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void aTableIsMadeOfRows() {
    home.query("DROP TABLE %s.%s".formatted(home.database(), FLOW));
    flow("listOfLists", "createTable=true");
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.states(FLOW)).isEmpty();

    flow("jsonArray", "createTable=true");
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "2\tb\\n", "3\tc");
  }

  @Test
  void aValueThatDoesNotFitIsADeadLetterAndNamedButNotShown() {
    flow("oneThatDoesNotFit", "");
    home.once();
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "3\tc");
    DeadLetterRow letter = home.letters().get(0);
    assertThat(letter.errorName()).isEqualTo("VALUE_MISFIT");
    assertThat(letter.column()).isEqualTo("id");
    assertThat(letter.record()).isEqualTo(2);
    assertThat(letter.reason())
        .isEqualTo("column id of type UInt8 takes no java.lang.Integer of this value");
    assertThat(home.letters()).hasSize(1);
  }

  @Test
  void aTableThatWasAlteredIsLookedAtAgain() throws Exception {
    home.route(
        FLOW,
        """
        - route:
            id: %s
            from:
              uri: timer:often?period=50
              steps:
                - bean: {beanType: "%s", method: "oneThatDoesNotFit"}
                - to: %s
        """
            .formatted(FLOW, Bodies.class.getName(), home.target(FLOW, "maxBadRows=1000")));
    try (var application = home.start(false)) {
      assertThat(application.problems()).isEmpty();
      Awaitility.await().until(() -> !home.letters().isEmpty());
      home.query("ALTER TABLE %s.%s MODIFY COLUMN id UInt16".formatted(home.database(), FLOW));
      Awaitility.await().until(() -> home.rows(FLOW, "DISTINCT id").contains("300"));
      assertThat(application.holds()).isEmpty();
    }
  }

  @Test
  void rowsOutliveAKill() {
    home.query("ALTER TABLE %s.%s MODIFY COLUMN id UInt32".formatted(home.database(), FLOW));
    flow("many", "batchRows=500");
    try (Child child = home.child()) {
      Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(60))
          .until(() -> home.batches().size() >= 20 || !child.isAlive());
      assertThat(child.isAlive()).as(child.output()).isTrue();
      child.kill9();
    }
    assertThat(home.states(FLOW)).doesNotContain("completed");
    home.route(
        FLOW,
        """
        - route:
            id: %s
            from:
              uri: direct:nobody
              steps:
                - to: %s
        """
            .formatted(FLOW, home.target(FLOW, "format=CSV")));
    home.once();
    assertThat(home.rows(FLOW, "count(), uniqExact(id), countIf(text = concat('t', toString(id)))"))
        .containsExactly("%1$d\t%1$d\t%1$d".formatted(MANY));
    assertThat(home.states(FLOW)).containsExactly("completed");
    assertThat(home.files("data/spool/" + FLOW)).isEmpty();
  }
}
