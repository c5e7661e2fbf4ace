package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.clickhouse.embedded.EmbeddedSettings;
import io.waybill.testing.ClickHouseHttp;
import io.waybill.testing.CrashPoints;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ClickHouse killed at exact points inside an insert: between two writes of a part, before and
 * after it notes the token, before and after the part gets its name; in the table, in the target of
 * its view, and in the audit table.
 */
final class ServerCrashIT {
  private static final String FLOW = "crash";
  private static final String SEEN = "seen";
  private static final int ROWS = 20_000;
  private static final int BATCH_ROWS = 1000;
  private static final int MOST_RUNS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Tally TALLY = new Tally();

  @TempDir private static Path serverFolder;
  private static CrashPoints points;
  private static EmbeddedClickHouse server;

  @TempDir Path folder;

  /** What all cases together came to. */
  private static final class Tally {
    private int cases;
    private int kills;
    private long rows;
    private long lost;
    private long doubled;
    private long lostInViews;

    private void add(String summary, boolean viewMayLack) {
      String[] counts = summary.split("\t", -1);
      long found = Long.parseLong(counts[0]);
      long distinct = Long.parseLong(counts[1]);
      rows += found;
      lost += viewMayLack ? 0 : ROWS - distinct;
      lostInViews += viewMayLack ? ROWS - distinct : 0;
      doubled += found - distinct;
    }
  }

  @BeforeAll
  static void startServer() {
    try {
      points = CrashPoints.compile(serverFolder);
    } catch (IOException e) {
      abort("no C compiler to make the crash points with: " + e.getMessage());
    }
    server =
        EmbeddedClickHouse.start(
            EmbeddedSettings.in(serverFolder.resolve("clickhouse"))
                .withMaxQuickDeaths(Integer.MAX_VALUE)
                .withEnvironment(points.environment()));
    points.follow(server);
    boolean dies = diesOfARename();
    // else a change of ours could silence all of this
    assertThat(dies || !"true".equals(System.getenv("CI"))).as("it dies of a rename").isTrue();
    assumeTrue(dies, "this ClickHouse does not rename parts by the C library");
    makeAuditTable();
  }

  private static void makeAuditTable() {
    RoadHome home = RoadHome.on(server, serverFolder.resolve("home")).table(FLOW, "id UInt64");
    home.flow(FLOW, "").drop(FLOW, "a.csv", "id\n1\n");
    assertThat(home.once().holds()).isEmpty();
  }

  private static boolean diesOfARename() {
    String table = TestClickHouse.createDatabase(server) + ".probe";
    TestClickHouse.query(
        server, "CREATE TABLE " + table + " (id UInt8) ENGINE = MergeTree ORDER BY id");
    points.arm(List.of("rename-before 1 tmp_insert_"));
    try {
      // not by TestClickHouse, which would wait for the server and ask again
      var unused =
          ClickHouseHttp.query(
              server.url(),
              server.user(),
              server.password(),
              "INSERT INTO " + table + " VALUES (1)");
      return false;
    } catch (UncheckedIOException died) {
      await("the server again", () -> points.kills() == 1 && server.isRunning());
      return true;
    } finally {
      points.disarm();
    }
  }

  @AfterEach
  void disarm() {
    points.disarm();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
    System.out.printf(
        "ServerCrashIT: %d cases, %d kills, %d rows, %d lost, %d doubled; %d lost in views by their own tokens%n",
        TALLY.cases, TALLY.kills, TALLY.rows, TALLY.lost, TALLY.doubled, TALLY.lostInViews);
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(condition);
  }

  @ParameterizedTest
  @MethodSource("io.waybill.road.ServerCrash#all")
  void everyRowIsThereOnce(ServerCrash dying) {
    RoadHome home = home(dying);
    points.arm(dying.rules(uuidOf(home, dying)));
    List<String> holds = runUntilCompleted(home);
    await("the server", server::isRunning);
    TALLY.cases++;
    TALLY.kills += points.kills();
    String table = summary(home, "SELECT id, text FROM %s.%s".formatted(home.database(), FLOW));
    TALLY.add(table, false);
    String view = "";
    if (dying.view()) {
      view = summary(home, "SELECT id, text FROM %s.%s".formatted(home.database(), SEEN));
      TALLY.add(view, dying.losesInView());
    }
    System.out.printf(
        "ServerCrashIT: %s: killed %d, renewed %d, dropped %s, table %s, view %s, holds %s%n",
        dying,
        points.kills(),
        renewed(home),
        dropped(home),
        table.replace('\t', ' '),
        view.replace('\t', ' '),
        holds);
    assertThat(points.isArmed()).isFalse();
    assertThat(points.kills()).isEqualTo(dying.kills());
    assertThat(table).isEqualTo(summary(home, FORMULA));
    if (dying.losesInView()) {
      assertLacksAFewBatches(view, dying.kills());
    } else if (dying.view()) {
      assertThat(view).isEqualTo(table);
    }
    assertThat(holds).allMatch(hold -> isForeseen(dying, hold));
    assertThat(home.states(FLOW)).containsExactly("completed");
    assertThat(home.batches()).hasSize(ROWS / BATCH_ROWS);
    assertThat(home.batches().stream().mapToLong(batch -> batch.rows()).sum()).isEqualTo(ROWS);
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  private static boolean isForeseen(ServerCrash dying, String hold) {
    return (dying.partitions() && hold.contains("(PARTIAL) / ALTER TABLE "))
        || (dying.view() && hold.contains("(VIEWS_IN_DOUBT) / "))
        || (dying.view() && hold.contains("(REMEMBERED_WITH_VIEWS) / ALTER TABLE "))
        // a table is looked at before the first insert, and that is not repeated within a run
        || hold.contains("(CONNECTION_REFUSED) / ")
        || hold.contains("(CONNECTION_RESET) / ")
        || hold.contains("(NO_ANSWER) / ");
  }

  private static void assertLacksAFewBatches(String view, int kills) {
    String[] counts = view.split("\t", -1);
    assertThat(counts[0]).as("none twice").isEqualTo(counts[1]);
    assertThat(Integer.parseInt(counts[0])).isBetween(ROWS - kills * BATCH_ROWS, ROWS);
  }

  private RoadHome home(ServerCrash dying) {
    RoadHome home = RoadHome.on(server, folder);
    String clause = dying.partitions() ? "PARTITION BY id % " + ServerCrash.PARTITIONS : "";
    home.set("waybill.retry.initial-delay", "20ms")
        .set("waybill.retry.max-delay", "200ms")
        .tableBy(FLOW, "id UInt64, text String", clause)
        .flow(FLOW, "batchRows=" + BATCH_ROWS + "&ordered=" + dying.isAlone());
    if (dying.view()) {
      home.tableBy(SEEN, "id UInt64, text String", clause);
      home.query(
          "CREATE MATERIALIZED VIEW %1$s.view TO %1$s.%2$s AS SELECT id, text FROM %1$s.%3$s"
              .formatted(home.database(), SEEN, FLOW));
    }
    home.drop(
        FLOW,
        "a.csv",
        "id,text\n"
            + LongStream.range(0, ROWS)
                .mapToObj(id -> id + ",row " + id * 7919 % 100_003 + "\n")
                .collect(Collectors.joining()));
    return home;
  }

  private static final String FORMULA =
      "SELECT number AS id, concat('row ', toString(number * 7919 % 100003)) AS text FROM numbers("
          + ROWS
          + ")";

  private static String uuidOf(RoadHome home, ServerCrash dying) {
    return switch (dying.where()) {
      case TABLE -> uuid(home, home.database(), FLOW);
      case VIEW -> uuid(home, home.database(), SEEN);
      case AUDIT -> uuid(home, "waybill", "audit");
    };
  }

  private static String uuid(RoadHome home, String database, String table) {
    return home.query(
        "SELECT uuid FROM system.tables WHERE database = '%s' AND name = '%s'"
            .formatted(database, table));
  }

  private static String summary(RoadHome home, String rows) {
    return home.query(
        "SELECT count(), uniqExact(id), sum(cityHash64(id, text)) FROM (%s)".formatted(rows));
  }

  /** What the holds said, each as often as the flow was held by it. */
  private static List<String> runUntilCompleted(RoadHome home) {
    List<String> holds = new ArrayList<>();
    for (int run = 0; run < MOST_RUNS && !isCompleted(home); run++) {
      await("the server", server::isRunning);
      for (String hold : home.once().holds()) {
        holds.add(hold);
        follow(home, hold);
      }
    }
    return holds;
  }

  private static boolean isCompleted(RoadHome home) {
    return home.folder().resolve("data/ledger.db").toFile().exists()
        && home.states(FLOW).equals(List.of("completed"))
        && home.audit().equals(home.settledInLedger());
  }

  /** Does what the remedy says, to the letter; holds of a moment go away with the next run. */
  private static void follow(RoadHome home, String hold) {
    if (hold.contains("(VIEWS_IN_DOUBT)")) {
      mendView(home);
      return;
    }
    String remedy = hold.substring(hold.lastIndexOf(" / ") + 3);
    if (remedy.startsWith("ALTER TABLE ")) {
      String statements = remedy.substring(0, remedy.indexOf("; then ./waybill rerun "));
      for (String statement : statements.split("; ", -1)) {
        home.query(statement);
      }
    }
  }

  private static void mendView(RoadHome home) {
    home.query(
        "INSERT INTO %1$s.%2$s (id, text) SELECT id, text FROM %1$s.%3$s WHERE id NOT IN (SELECT id FROM %1$s.%2$s)"
            .formatted(home.database(), SEEN, FLOW));
    home.flow(FLOW, "batchRows=" + BATCH_ROWS + "&onUnverified=accept");
  }

  /** Inserts that ClickHouse dropped parts of without an error, since it was started last. */
  private static String dropped(RoadHome home) {
    home.query("SYSTEM FLUSH LOGS");
    return home.query(
        """
        SELECT countIf(ProfileEvents['DuplicatedInsertedBlocks'] > 0)
        FROM system.query_log WHERE type = 'QueryFinish'""");
  }

  /** Batches that arrived under another token than their first one. */
  private static long renewed(RoadHome home) {
    String url = "jdbc:sqlite:" + home.folder().resolve("data/ledger.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet counted =
            statement.executeQuery("SELECT COUNT(DISTINCT batch) FROM former_token")) {
      return counted.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
