package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.app.LocalUser;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.policy.Identity;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.WaybillProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person asks at the command line is asked under the rights of the person's roles. */
@Timeout(300)
final class PersonStatementsIT {
  private static final String ME = LocalUser.name();
  @TempDir Path folder;
  private PolicyHome home;
  private String staging;
  private String production;

  @BeforeEach
  void twoEnvironments() {
    home = PolicyHome.in(folder);
    home.policy(PolicyHome.text().replace("anna", ME));
    home.table(home.staging(), "trips").table(home.prod(), "trips");
    staging = home.staging() + ".trips";
    production = home.prod() + ".trips";
    TestClickHouse.execute("INSERT INTO %s (id) VALUES (7)".formatted(staging));
    TestClickHouse.execute("INSERT INTO %s (id) VALUES (8)".formatted(production));
  }

  private WaybillProcess.Result run(String... command) {
    return WaybillProcess.run(folder, Map.of(), command).withoutStackTrace();
  }

  private void assertDenied(WaybillProcess.Result result, String... reason) {
    assertThat(result.exitCode()).as(result.all()).isEqualTo(3);
    assertThat(result.err()).contains("denied: ", "remedy: ").contains(reason);
    assertThat(result.out()).isEmpty();
  }

  /** Lets the events that commands noted arrive in ClickHouse. */
  private void carry() {
    try (Application application = home.road().startIdle()) {
      Awaitility.await().until(() -> application.auditPending() == 0);
    }
  }

  @Test
  void rowsAreReadAsTheRoleAndReadOnly() {
    WaybillProcess.Result read =
        run("sql", "SELECT id, currentUser(), getSetting('readonly') AS r FROM " + staging);
    assertThat(read.exitCode()).as(read.all()).isZero();
    assertThat(read.out()).contains("7\t" + TestClickHouse.STAGER + "\t2");
    WaybillProcess.Result traced = run("trace", staging, "id = 7");
    assertThat(traced.exitCode()).as(traced.all()).isZero();
    assertThat(traced.out()).contains("1 row");
    assertThat(run("sql", "SELECT 1 SETTINGS readonly = 0").err()).contains("readonly");
  }

  @Test
  void rowsThatAPersonMayNotReadAreNotShownAndTheTrailHasIt() {
    assertDenied(
        run("sql", "SELECT id FROM " + production),
        "denied: local:%s (role developer) may not read in production (policy.yaml:9)"
            .formatted(ME));
    assertDenied(run("trace", production), "may not read in production (policy.yaml:9)");
    assertDenied(
        run("trace", staging, "id IN (SELECT id FROM %s)".formatted(production)),
        "may not read in production");
    assertDenied(
        run("trace", staging, "1) UNION ALL (SELECT 'x', 1, '', '' FROM " + production),
        "may not read in production");
    assertDenied(
        run("trace", staging, "--connection", "production"), "names connection production");
    assertDenied(run("sql", "SELECT * FROM trips"), "does not say in which database trips is");
    carry();
    String denied = ME + "@local\tlocal\t%s\t%s\tdenied";
    assertThat(home.trail("denied", "ordered_by, identity_source, action, database, outcome"))
        .containsExactly(
            denied.formatted("sql", home.prod()),
            denied.formatted("trace", home.prod()),
            denied.formatted("trace", home.prod()),
            denied.formatted("trace", home.prod()),
            denied.formatted("trace", ""),
            denied.formatted("sql", ""));
  }

  @Test
  void aDenialBesideAServingProcessIsInItsTrail() {
    try (Application application = home.road().start(false)) {
      assertDenied(run("sql", "SELECT id FROM " + production), "policy.yaml:9");
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(home.trail("denied", "action, rule"))
                      .containsExactly("sql\tpolicy.yaml:9"));
      assertThat(application.problems()).isEmpty();
    }
  }

  @Test
  void whoMayWriteATableWritesItAndTheTrailHasItWithoutValues() {
    String insert = "INSERT INTO %s (id) VALUES (%d)";

    assertThat(run("sql", insert.formatted(staging, 4711)).exitCode()).isZero();
    assertDenied(run("sql", insert.formatted(production, 4711)), "may not write in production");
    assertThat(home.rows(home.staging(), "trips")).containsExactly("7", "4711");
    assertThat(home.rows(home.prod(), "trips")).containsExactly("8");
    assertThat(run("sql", insert.replace("%d", "'x'").formatted(staging)).exitCode()).isEqualTo(3);
    carry();
    assertThat(home.trail("order", "ordered_by, action, outcome, detail"))
        .containsExactly(
            "%s@local\tsql\tdone\tchange of %s".formatted(ME, staging),
            "%s@local\tsql\theld_or_failed\tchange of %s".formatted(ME, staging));
  }

  @Test
  void aKillSwitchStopsAPersonToo() {
    home.policy(PolicyHome.text().replace("anna", ME).replace("tables: [\"STAGING.*\"]", killed()));
    assertDenied(
        run("sql", "INSERT INTO %s (id) VALUES (9)".formatted(staging)), "kill switch of staging");
    assertThat(run("sql", "SELECT id FROM " + staging).exitCode()).isZero();
  }

  private static String killed() {
    return "tables: [\"STAGING.*\"]\n    kill-switch: true";
  }

  @Test
  void whatDestroysNeedsAnApprovalForThisPerson() throws Exception {
    // without a connection of its own it is asked by one that may truncate at the server
    home.policy(
        PolicyHome.text()
            .replace("anna", ME)
            .replace("    clickhouse: { connection: staging }\n", ""));
    String truncate = "TRUNCATE TABLE " + staging;

    assertDenied(run("sql", truncate), "needs an approval, number 1", "approvals approve 1");
    assertDenied(run("sql", truncate), "number 1");
    assertThat(home.rows(home.staging(), "trips")).containsExactly("7");
    try (Application application = home.road().startIdle()) {
      Answer own = application.orders().carryOut(new Order.Decide(1, true), Identity.local(ME));
      assertThat(own.outcome()).isEqualTo(Answer.Outcome.DENIED);
      Answer given =
          application.orders().carryOut(new Order.Decide(1, true), Identity.local("olga"));
      assertThat(given.outcome()).as(given.toString()).isEqualTo(Answer.Outcome.DONE);
    }
    WaybillProcess.Result done = run("sql", truncate);
    assertThat(done.exitCode()).as(done.all()).isZero();
    assertThat(home.rows(home.staging(), "trips")).isEmpty();
  }

  @Test
  void whoHasNoRoleAsksNothing() {
    home.policy(PolicyHome.text());
    assertDenied(run("sql", "SELECT 1"), "local:%s belongs to no role".formatted(ME));
  }

  @Test
  void rightsOfTwoRolesAreNotAskedAsOne() {
    home.policy(
        PolicyHome.text()
            .replace("anna", ME)
            .replace("olga", ME)
            .replace("read: [staging, production]", "read: [production]"));
    assertThat(run("sql", "SELECT id, currentUser() AS u FROM " + production).out())
        .contains("8\t" + TestClickHouse.PRODUCER);
    assertDenied(
        run("sql", "SELECT id FROM %s UNION ALL SELECT id FROM %s".formatted(staging, production)),
        "no role of local:%s may do all of it by itself".formatted(ME));
  }

  @Test
  void withoutAPolicyNobodyIsAsked() throws Exception {
    Files.delete(folder.resolve("policy.yaml"));
    WaybillProcess.Result read =
        run("sql", "SELECT getSetting('readonly') AS r FROM " + production);
    assertThat(read.exitCode()).as(read.all()).isZero();
    assertThat(read.out()).contains("0");
    assertThat(run("trace", production).exitCode()).isZero();
    assertThat(Files.exists(folder.resolve("data/ledger.db"))).isFalse();
  }
}
