package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.camel.FlowHold;
import io.waybill.clickhouse.TableDdl;
import io.waybill.testing.TestPostgres;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Changes of a real PostgreSQL, as Debezium hands them out. */
final class ChangesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int KILLS = 4;
  private static final String STATE = "state";
  private static final String LOG = "log";
  private static final String COLUMNS = "id Int64, text String, amount Decimal(18, 4)";
  private static final String PAPERS = ", _version UInt64, _deleted UInt8";
  @TempDir Path folder;
  @TempDir Path data;
  private TestPostgres postgres;
  private RoadHome home;

  @BeforeEach
  void start() {
    postgres = TestPostgres.start(data);
    postgres.execute(
        "CREATE TABLE items (id bigint PRIMARY KEY, text text, amount numeric(18, 4))",
        "CREATE TABLE tally (changes bigint)",
        "INSERT INTO tally VALUES (0)",
        "CREATE SEQUENCE moved START 1000000",
        "CREATE SEQUENCE copied START 100000");
    home = RoadHome.in(folder).set("waybill.once.idle", "8s");
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  private void state() {
    replacing(STATE, COLUMNS);
    flow(STATE, "items", "");
  }

  private void replacing(String table, String columns) {
    home.query(
        """
        CREATE TABLE %s.%s (%s%s, %s)
        ENGINE = ReplacingMergeTree(_version, _deleted) ORDER BY id
        SETTINGS non_replicated_deduplication_window = 10000"""
            .formatted(home.database(), table, columns, PAPERS, TableDdl.provenanceColumn()));
  }

  private void log() {
    home.table(LOG, COLUMNS + PAPERS);
    flow(LOG, "items", "");
  }

  private void flow(String flow, String table, String options) {
    home.route(
        flow,
        """
        - route:
            id: %1$s
            from:
              uri: debezium-postgres:%1$s
              parameters:
                databaseHostname: 127.0.0.1
                databasePort: %2$d
                databaseUser: postgres
                databasePassword: none
                databaseDbname: postgres
                topicPrefix: %1$s
                slotName: %1$s
                publicationName: %1$s
                publicationAutocreateMode: filtered
                tableIncludeList: public.%3$s
                pollIntervalMs: 50
                %4$s
              steps:
                - to: %5$s
        """
            .formatted(
                flow,
                postgres.port(),
                table,
                options,
                home.target(
                    flow,
                    flow.equals(LOG)
                        ? "batchInterval=200ms"
                        : "batchInterval=200ms&onUnverified=accept")));
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(condition);
  }

  private String one(String table, String columns) {
    return home.rows(table, columns).get(0);
  }

  private boolean isSame() {
    return stateRows().equals(sourceRows());
  }

  private String stateRows() {
    return home.query(
        "SELECT id, text, amount FROM %s.state FINAL ORDER BY id".formatted(home.database()));
  }

  private String sourceRows() {
    return String.join(
        "\n", postgres.rows("SELECT id, text, trim_scale(amount) FROM items ORDER BY id"));
  }

  @Test
  void aSnapshotAndWhatFollowsBecomeTheStateOfTheTable() {
    state();
    log();
    postgres.execute(
        "INSERT INTO items SELECT g, 'text ' || g, g / 4.0 FROM generate_series(1, 100) AS g");
    try (Application application = home.start(false)) {
      await("the snapshot", () -> one(LOG, "count()").equals("100"));
      postgres.execute(
          "INSERT INTO items VALUES (101, 'new', 1.5)",
          "UPDATE items SET text = 'changed' WHERE id <= 10",
          "DELETE FROM items WHERE id BETWEEN 11 AND 20",
          "UPDATE items SET id = 1000 WHERE id = 30");
      await("the changes", () -> one(LOG, "count()").equals("123"));
      await("the state", this::isSame);
      assertThat(application.holds()).extracting(FlowHold::reason).isEmpty();
    }
    assertThat(home.rows(LOG, "countIf(_deleted = 1), uniqExact(id, _version, _deleted)"))
        .containsExactly("11\t123");
    Carried.assertPapers(home);
  }

  @Test
  void killedAtAnyTimeEachChangeArrivesOnce() throws Exception {
    state();
    log();
    long seed = new Random().nextLong();
    System.out.println("ChangesIT: seed " + seed);
    Random random = new Random(seed);
    int many = 20_000;
    postgres.execute(
        "INSERT INTO items SELECT g, 'text ' || g, g / 4.0 FROM generate_series(1, %d) AS g"
            .formatted(many));
    try (Child child = home.child()) {
      await("half a snapshot", () -> count(LOG) > 1000 || !child.isAlive());
      assertThat(child.isAlive()).as(child.output()).isTrue();
      child.kill9();
    }
    // rows that change before a snapshot is made anew are there as they were as well
    try (Application application = home.start(false)) {
      await("all of the snapshot", () -> count(LOG) == many || !application.holds().isEmpty());
    }
    for (int round = 0; round < KILLS; round++) {
      try (Child child = home.child()) {
        long before = count(LOG);
        change(random, 40);
        await("some of it", () -> count(LOG) > before || !child.isAlive());
        assertThat(child.isAlive()).as(child.output()).isTrue();
        if (round == 1) {
          postgres.kill();
          postgres.restart();
        }
        change(random, 40);
        child.kill9();
      }
    }
    try (Application application = home.start(false)) {
      await("all changes", () -> count(LOG) >= many + tally() || !application.holds().isEmpty());
      await("the state", () -> isSame() || !application.holds().isEmpty());
      assertThat(application.holds()).extracting(FlowHold::reason).isEmpty();
    }
    assertThat(home.rows(LOG, "count(), uniqExact(id, _version, _deleted, text, amount)"))
        .containsExactly("%1$d\t%1$d".formatted(many + tally()));
    assertThat(sourceRows()).isEqualTo(stateRows());
    Carried.assertPapers(home);
  }

  private long count(String table) {
    return Long.parseLong(one(table, "count()"));
  }

  private long tally() {
    return Long.parseLong(postgres.rows("SELECT changes FROM tally").get(0));
  }

  /** Random transactions, each of which counts its changes in {@code tally}. */
  private void change(Random random, int transactions) throws Exception {
    for (int i = 0; i < transactions; i++) {
      try (Connection connection = postgres.connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        long changes = 0;
        for (int j = random.nextInt(4); j >= 0; j--) {
          changes += change(connection, statement, random);
        }
        statement.execute("UPDATE tally SET changes = changes + " + changes);
        connection.commit();
      }
    }
  }

  private long change(Connection connection, Statement statement, Random random) throws Exception {
    int id = random.nextInt(30_000);
    return switch (random.nextInt(5)) {
      case 0 ->
          statement.executeUpdate(
              "INSERT INTO items SELECT %d, 'new', 1 ON CONFLICT (id) DO UPDATE SET text = items.text || '+'"
                  .formatted(id));
      case 1 ->
          statement.executeUpdate(
              "UPDATE items SET text = text || '!', amount = amount + 1 WHERE id BETWEEN %d AND %d"
                  .formatted(id, id + 30));
      case 2 ->
          statement.executeUpdate(
              "DELETE FROM items WHERE id BETWEEN %d AND %d".formatted(id, id + 3));
      case 3 ->
          2L
              * statement.executeUpdate(
                  "UPDATE items SET id = nextval('moved') WHERE id = %d".formatted(id));
      default -> copied(connection, statement);
    };
  }

  /** Rows of a COPY stand at one and the same place in PostgreSQL's log. */
  private static long copied(Connection connection, Statement statement) throws Exception {
    long from;
    try (ResultSet next = statement.executeQuery("SELECT nextval('copied') * 100")) {
      next.next();
      from = next.getLong(1);
    }
    String rows =
        LongStream.range(from, from + 50)
            .mapToObj(id -> id + "\tcopied\t2\n")
            .collect(Collectors.joining());
    return connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("COPY items FROM STDIN", new StringReader(rows));
  }

  @Test
  void whatWasDeletedWhileASnapshotWasBrokenOffIsDeleted() {
    state();
    postgres.execute(
        "INSERT INTO items SELECT g, 'text ' || g, g / 4.0 FROM generate_series(1, 20000) AS g");
    try (Child child = home.child()) {
      await("half a snapshot", () -> count(STATE) > 1000 || !child.isAlive());
      assertThat(child.isAlive()).as(child.output()).isTrue();
      child.kill9();
    }
    postgres.execute(
        "DELETE FROM items WHERE id <= 1000",
        "UPDATE items SET text = 'later' WHERE id BETWEEN 1001 AND 1100");
    try (Application application = home.start(false)) {
      await("the state", () -> isSame() || !application.holds().isEmpty());
      assertThat(application.holds()).extracting(FlowHold::reason).isEmpty();
    }
  }

  @Test
  void valuesOfAllTypesArriveAsTheyAre() {
    postgres.execute(
        """
        CREATE TABLE kinds (id int PRIMARY KEY, s smallint, b bigint, n numeric, d numeric(20, 5), r real, f float8,
          t text, v varchar(10), c char(3), flag boolean, day date, at timestamp, atz timestamptz, clock time,
          u uuid, j jsonb, a int[], ta text[], raw bytea, nothing text)""",
        """
        INSERT INTO kinds VALUES (1, -32768, 9007199254740993, 12345678901234567890.123456789, -0.00001, 1.5, 2.5e-10,
          'tab\t "quote"', 'v', 'c', true, '1969-12-31', '2024-02-29 23:59:59.123456', '2024-03-31 01:30:00.5+02', '23:59:59.25',
          '00000000-0000-0000-0000-00000000002a', '{"a": [1, null]}', '{1,NULL,3}', '{x,"y z"}', '\\x00ff', NULL)""");
    replacing(
        "kinds",
        """
        id Int32, s Int16, b Int64, n Decimal(38, 9), d Decimal(20, 5), r Float32, f Float64,
        t String, v String, c String, flag Bool, day Date32, at DateTime64(6, 'UTC'), atz DateTime64(3, 'UTC'), clock String,
        u UUID, j String, a Array(Nullable(Int32)), ta Array(String), raw String, nothing Nullable(String)""");
    flow("kinds", "kinds", "");
    try (Application application = home.start(false)) {
      await("the row", () -> count("kinds") == 1 || !application.holds().isEmpty());
      assertThat(application.holds()).extracting(FlowHold::reason).isEmpty();
      postgres.execute("UPDATE kinds SET s = 1");
      await("the change", () -> count("kinds") >= 2 || one("kinds", "max(s)").equals("1"));
    }
    assertThat(home.letters()).isEmpty();
    String values =
        "b, n, d, r, f, t, v, c, flag, day, at, atz, clock, u, j, a, ta, hex(raw), nothing";
    assertThat(home.rows("kinds", "DISTINCT " + values))
        .containsExactly(
            "9007199254740993\t12345678901234567890.123456789\t-0.00001\t1.5\t2.5e-10\ttab\\t \"quote\"\tv\tc  \ttrue\t1969-12-31\t2024-02-29 23:59:59.123456\t2024-03-30 23:30:00.500\t23:59:59.250\t00000000-0000-0000-0000-00000000002a\t{\"a\": [1, null]}\t[1,NULL,3]\t['x','y z']\t00FF\t\\N");
  }

  @Test
  void aColumnThatIsNewAndATableThatIsTruncatedHoldTheFlow() {
    state();
    postgres.execute("INSERT INTO items VALUES (1, 'a', 1), (2, 'b', 2)");
    try (Application application = home.start(false)) {
      await("the snapshot", () -> count(STATE) == 2);
      postgres.execute(
          "ALTER TABLE items ADD COLUMN more int", "INSERT INTO items VALUES (3, 'c', 3, 4)");
      await("a hold", () -> !application.holds().isEmpty());
      assertThat(application.holds())
          .singleElement()
          .satisfies(hold -> assertThat(hold.remedy()).contains("ADD COLUMN", "more"));
      home.query("ALTER TABLE %s.state ADD COLUMN more Nullable(Int32)".formatted(home.database()));
      await("the row", () -> one(STATE, "max(more)").equals("4"));
      postgres.execute("TRUNCATE items", "INSERT INTO items VALUES (9, 'z', 9, 9)");
      await(
          "another hold",
          () ->
              application.holds().stream()
                  .anyMatch(hold -> hold.reason().contains("was truncated")));
      assertThat(count(STATE)).isEqualTo(3);
    }
    home.query("TRUNCATE TABLE %s.state".formatted(home.database()));
    flow(STATE, "items", "skippedOperations: t");
    try (Application application = home.start(false)) {
      await("what came after", () -> one(STATE, "max(id)").equals("9"));
      assertThat(application.holds()).isEmpty();
    }
    assertThat(count(STATE)).isEqualTo(1);
  }

  @Test
  void aLargeValueThatAnUpdateDoesNotTellHoldsTheFlow() {
    state();
    postgres.execute(
        "INSERT INTO items SELECT 1, string_agg(md5(g::text), ''), 1 FROM generate_series(1, 1000) AS g");
    try (Application application = home.start(false)) {
      await("the snapshot", () -> count(STATE) == 1);
      postgres.execute("UPDATE items SET amount = 2");
      await("a hold", () -> !application.holds().isEmpty());
      assertThat(application.holds())
          .singleElement()
          .satisfies(
              hold -> {
                assertThat(hold.reason()).contains("public.items", "column text");
                assertThat(hold.remedy()).contains("REPLICA IDENTITY FULL");
              });
      assertThat(count(STATE)).isEqualTo(1);
    }
  }

  @Test
  void aFlowThatKeepsOffsetsItselfOrDoesNotCollectIsRefused() {
    replacing(STATE, COLUMNS);
    flow(STATE, "items", "offsetStorageFileName: offsets.dat");
    assertThat(home.once().problems()).singleElement().asString().contains("offsetStorageFileName");
    flow(STATE, "items", "");
    home.write(
        "routes/state.camel.yaml",
        read("routes/state.camel.yaml").replace("batchInterval=200ms&", "batchInterval=0&"));
    assertThat(home.once().holds()).singleElement().asString().contains("take batchInterval=0 out");
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
