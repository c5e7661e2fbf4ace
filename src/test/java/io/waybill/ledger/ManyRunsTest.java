package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.Unit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 200 flows with 10,000 runs: listings are right, and read no more than they show. */
class ManyRunsTest {
  private static final int FLOWS = 200;
  private static final int RUNS = Integer.getInteger("waybill.test.runs", 10_000);
  @TempDir Path folder;

  private void fill(TestLedger store, JdbcLedger ledger) throws SQLException {
    long[] units = new long[FLOWS];
    for (int i = 0; i < FLOWS; i++) {
      ledger.registerFlow(flow(i), Samples.TABLE, "routes/f.camel.yaml");
    }
    Unit unit = Samples.unit(ledger, "a.csv");
    for (int i = 0; i < FLOWS; i++) {
      units[i] = unit.id();
    }
    try (Connection connection = store.connect()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
              connection.prepareStatement(
                  """
                  INSERT INTO run (id, flow, unit, location, state, started_at, trigger_id)
                  VALUES (?, ?, ?, '/in/a.csv', 'completed', ?, ?)""");
          PreparedStatement trigger =
              connection.prepareStatement(
                  """
                  INSERT INTO flow_trigger (id, flow, kind, due_at, parameters, ordered_by, state,
                    created_at) VALUES (?, ?, 'schedule', ?, '{}', 'schedule', 'completed', 0)""")) {
        for (int i = 0; i < RUNS; i++) {
          insert.setString(1, id(i));
          insert.setString(2, flow(i % FLOWS));
          insert.setLong(3, units[i % FLOWS]);
          insert.setLong(4, i);
          insert.setString(5, "t" + i);
          insert.addBatch();
          trigger.setString(1, "t" + i);
          trigger.setString(2, flow(i % FLOWS));
          trigger.setLong(3, i);
          trigger.addBatch();
        }
        insert.executeBatch();
        trigger.executeBatch();
      }
      connection.commit();
    }
  }

  private static String flow(int number) {
    return "flow%03d".formatted(number);
  }

  private static String id(int number) {
    return "r%08d".formatted(number);
  }

  @Test
  void listingsAreRightAndReadNoMoreThanTheyShow() throws SQLException {
    TestLedger store = TestLedger.inFile(folder.resolve("ledger.db"));
    try (JdbcLedger ledger = store.open()) {
      fill(store, ledger);
    }
    try (LedgerReader reader = store.read()) {
      List<FlowRow> flows = reader.flows();
      assertThat(flows).hasSize(FLOWS);
      for (int i = 0; i < FLOWS; i++) {
        assertThat(flows.get(i).lastRun().orElseThrow().id()).isEqualTo(id(RUNS - FLOWS + i));
      }
      assertThat(reader.runs(Optional.empty(), 50).get(0).id()).isEqualTo(id(RUNS - 1));
      assertThat(reader.runs(Optional.of(flow(7)), RUNS)).hasSize(RUNS / FLOWS);
      assertThat(reader.triggers(Optional.of(flow(7)), RUNS)).hasSize(RUNS / FLOWS);
      assertThat(reader.runsOf("t7")).extracting(RunRow::id).containsExactly(id(7));
    }
    try (Connection connection = store.connect()) {
      assertSearched(connection, "SELECT * FROM run WHERE trigger_id = 't1' AND trigger_id <> ''");
      assertSearched(
          connection, "SELECT * FROM run WHERE flow = 'flow001' ORDER BY number DESC LIMIT 50");
      assertSearched(
          connection,
          "SELECT * FROM flow_trigger WHERE flow = 'flow001' ORDER BY number DESC LIMIT 50");
      assertSearched(connection, "SELECT * FROM flow_trigger WHERE parent = 'x' AND parent <> ''");
      assertThat(
              plan(
                  connection,
                  """
                  SELECT * FROM flow_trigger WHERE state IN ('queued', 'running', 'held')
                  ORDER BY number"""))
          .anyMatch(step -> step.contains("flow_trigger_open"));
    }
  }

  private static void assertSearched(Connection connection, String sql) throws SQLException {
    assertThat(plan(connection, sql)).allMatch(step -> step.startsWith("SEARCH"));
  }

  private static List<String> plan(Connection connection, String sql) throws SQLException {
    return Sql.list(connection, row -> row.getString("detail"), "EXPLAIN QUERY PLAN " + sql);
  }
}
