package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.ledger.ApprovalRow;
import io.waybill.ledger.LedgerReader;
import io.waybill.testing.TestClickHouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Statements of routes are asked under the rights of the route's role. */
@Timeout(180)
final class PolicyStatementsIT {
  @TempDir Path folder;
  private PolicyHome home;
  private int asked;

  @BeforeEach
  void twoEnvironments() {
    home = PolicyHome.in(folder);
    home.table(home.staging(), "trips").table(home.prod(), "trips");
    TestClickHouse.execute("INSERT INTO %s.trips (id) VALUES (7)".formatted(home.staging()));
    TestClickHouse.execute("INSERT INTO %s.trips (id) VALUES (8)".formatted(home.prod()));
  }

  /** A route that asks something, and writes the answer, or what came in its place, to a file. */
  private void query(String step) {
    home.road()
        .route(
            "query",
            """
            - route:
                id: query
                from:
                  uri: timer:once?repeatCount=1&delay=0
                  steps:
                    - doTry:
                        steps:
            %s
                        doCatch:
                          - exception: [java.lang.Exception]
                            steps:
                              - setBody:
                                  simple: "${exception.message}"
                    - to: file:out?fileName=answer-%d&tempFileName=answer.tmp
            """
                .formatted(step.indent(14).stripTrailing(), ++asked));
  }

  private String answer() throws Exception {
    try (Application application = home.road().start(false)) {
      assertThat(application.problems()).isEmpty();
      Path file = folder.resolve("out/answer-" + asked);
      Awaitility.await().until(() -> Files.exists(file));
      Awaitility.await().until(() -> application.auditPending() == 0);
      return Files.readString(file);
    }
  }

  private String jdbc(String sql) throws Exception {
    query(
        """
        - setBody:
            constant: "%s"
        - to: jdbc:clickhouse?resetAutoCommit=false
        - setBody:
            simple: "rows: ${body}"
        """
            .formatted(sql));
    return answer();
  }

  private String clickhouse(String sql) throws Exception {
    query(
        """
        - setBody:
            constant: "%s"
        - to: clickhouse:any?operation=query&format=TSVRaw
        """
            .formatted(sql));
    return answer();
  }

  @Test
  void aRoleReadsWhatItMay() throws Exception {
    assertThat(jdbc("SELECT id FROM %s.trips".formatted(home.staging()))).contains("7");
    assertThat(clickhouse("SELECT id, currentUser() FROM %s.trips".formatted(home.staging())))
        .isEqualTo("7\t" + TestClickHouse.STAGER + "\n");
  }

  @Test
  void aRoleDoesNotReadWhatItMayNot() throws Exception {
    String sql = "SELECT id FROM %s.trips".formatted(home.prod());

    assertThat(jdbc(sql))
        .contains("denied: role developer may not read in production", "policy.yaml:9");
    assertThat(clickhouse(sql)).contains("denied: role developer may not read in production");
    assertThat(home.trail("denied", "flow, role, action, database"))
        .containsExactly(
            "query\tdeveloper\tread\t" + home.prod(), "query\tdeveloper\tread\t" + home.prod());
  }

  /** A flow whose source is a query of ClickHouse. */
  private void polled(String flow, String options) {
    home.table(home.prod(), flow);
    home.road()
        .route(
            flow,
            """
            - route:
                id: %1$s
                from:
                  uri: "sql:SELECT id FROM %2$s.trips?dataSource=#clickhouse&useIterator=false&initialDelay=0&delay=100"
                  steps:
                    - to: waybill:%2$s.%1$s?batchInterval=0%3$s
            """
                .formatted(flow, home.prod(), options));
  }

  @Test
  void aQueryThatARouteBeginsWithIsAskedAsItsRole() {
    polled("copied", "&role=ops");
    try (Application application = home.road().start(false)) {
      assertThat(application.problems()).isEmpty();
      Awaitility.await().until(() -> home.rows(home.prod(), "copied").contains("8"));
      assertThat(application.holds()).isEmpty();
    }
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    assertThat(
            TestClickHouse.query(
                """
                SELECT DISTINCT user, Settings['readonly'] FROM system.query_log
                WHERE type = 'QueryFinish' AND query LIKE 'SELECT id FROM %s.trips%%'"""
                    .formatted(home.prod())))
        .isEqualTo(TestClickHouse.PRODUCER + "\t2");
  }

  @Test
  void aQueryThatARouteBeginsWithIsDeniedAsItsRole() {
    home.policy(PolicyHome.text().replace("read: [staging, production]", "read: [staging]"));
    polled("refused", "&role=ops");
    try (Application application = home.road().start(false)) {
      Awaitility.await().until(() -> !application.holds().isEmpty());
      assertThat(application.holds())
          .singleElement()
          .asString()
          .contains("role ops may not read in production");
      Awaitility.await().until(() -> application.auditPending() == 0);
    }
    assertThat(home.rows(home.prod(), "refused")).isEmpty();
    assertThat(home.trail("denied", "flow, role, action, database"))
        .containsExactly("refused\tops\tread\t" + home.prod());
  }

  @Test
  void whatOnlyAsksIsReadOnlyAtTheServer() throws Exception {
    assertThat(clickhouse("SELECT getSetting('readonly')")).isEqualTo("2\n");
    assertThat(clickhouse("SELECT 1 SETTINGS readonly = 0")).contains("readonly");
    assertThat(jdbc("SELECT getSetting('readonly') AS r")).contains("r=2");
  }

  @Test
  void whoMayWriteATableWritesIt() throws Exception {
    String insert =
        "INSERT INTO %s.trips (id) SELECT id + 1 FROM %1$s.trips".formatted(home.staging());

    jdbc(insert);
    assertThat(home.rows(home.staging(), "trips")).containsExactly("7", "8");
    assertThat(clickhouse("INSERT INTO %s.trips (id) VALUES (9)".formatted(home.prod())))
        .contains("denied: role developer may not write in production");
    assertThat(home.rows(home.prod(), "trips")).containsExactly("8");
  }

  @Test
  void aTableWithoutDatabaseAndATableFunctionAreNobodys() throws Exception {
    assertThat(jdbc("SELECT * FROM trips")).contains("does not say in which database trips is");
    assertThat(jdbc("SELECT * FROM url('http://127.0.0.1:1', LineAsString)"))
        .contains("the table function url reaches what no environment names");
  }

  @Test
  void aStepWithCredentialsOfItsOwnIsDenied() throws Exception {
    query(
        """
        - setBody:
            constant: SELECT 1
        - to: clickhouse:any?operation=query&serverUrl=%s&username=%s&password=%s
        """
            .formatted(TestClickHouse.url(), TestClickHouse.user(), TestClickHouse.password()));
    assertThat(answer()).contains("denied: the clickhouse: step has serverUrl of its own");
  }

  @Test
  void whatDestroysNeedsAnApprovalByAPerson() throws Exception {
    home.policy(PolicyHome.text().replace("olga", System.getProperty("user.name")));
    String delete = "TRUNCATE TABLE %s.trips".formatted(home.staging());

    assertThat(clickhouse(delete)).contains("needs an approval, number 1", "approvals approve 1");
    assertThat(home.rows(home.staging(), "trips")).containsExactly("7");
    assertThat(clickhouse(delete)).as("asked again").contains("number 1");
    assertThat(home.road().order(new Order.Decide(1, true)).outcome())
        .isEqualTo(Answer.Outcome.DONE);

    String refused = clickhouse(delete);
    assertThat(refused).as("the server has the last word").contains("TRUNCATE");
    List<ApprovalRow> rows = home.road().ledger((LedgerReader reader) -> reader.approvals(9));
    assertThat(rows)
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.decision().state()).isEqualTo(ApprovalRow.State.APPROVED);
              assertThat(row.summary())
                  .isEqualTo(
                      "a statement of flow query: truncate of %s.trips".formatted(home.staging()));
            });
    assertThat(home.trail("approval", "outcome, rule"))
        .containsExactly("asked\tpolicy.yaml:3", "approved\tpolicy.yaml:3");
  }
}
