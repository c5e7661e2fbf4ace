package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.app.Application;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.testing.TestClickHouse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flows write where their role may, as whom the policy says, and nowhere else. */
@Timeout(180)
final class PolicyIT {
  @TempDir Path folder;
  private PolicyHome home;

  @BeforeEach
  void twoEnvironments() {
    home = PolicyHome.in(folder);
    home.table(home.staging(), "trips").table(home.prod(), "trips").table(home.prod(), "other");
  }

  private void drop(String flow, String file, int... ids) {
    StringBuilder text = new StringBuilder("id\n");
    for (int id : ids) {
      text.append(id).append('\n');
    }
    home.road().drop(flow, file, text.toString());
  }

  private static void awaitHeld(Application application) {
    Awaitility.await().until(() -> !application.holds().isEmpty());
  }

  private void awaitDelivered(Application application, String flow) {
    Awaitility.await()
        .until(() -> application.holds().isEmpty() && home.road().files("in/" + flow).isEmpty());
    Awaitility.await().until(() -> application.auditPending() == 0);
  }

  @Test
  void aFlowWritesAsTheUserOfItsRole() {
    home.flow("trips", home.staging(), "").flow("other", home.prod(), "role=ops");
    drop("trips", "a.csv", 1, 2);
    drop("other", "b.csv", 3);

    assertThat(home.road().once().holds()).isEmpty();

    assertThat(home.rows(home.staging(), "trips")).containsExactly("1", "2");
    assertThat(home.rows(home.prod(), "other")).containsExactly("3");
    assertThat(home.trail("batch", "flow, clickhouse_user"))
        .containsExactlyInAnyOrder(
            "trips\t" + TestClickHouse.STAGER, "other\t" + TestClickHouse.PRODUCER);
  }

  @Test
  void aFlowWritesUnderTheClickHouseRoleOfItsRole() {
    home.connection("bearer", TestClickHouse.BEARER);
    home.policy(
        PolicyHome.text()
            .replace("connection: staging", "connection: bearer, role: staging_writer")
            .replace("connection: production", "connection: bearer, role: prod_writer"));
    home.flow("trips", home.staging(), "").flow("other", home.prod(), "role=ops");
    drop("trips", "a.csv", 1);
    drop("other", "b.csv", 3);

    assertThat(home.road().once().holds()).isEmpty();

    assertThat(home.rows(home.staging(), "trips")).containsExactly("1");
    assertThat(home.rows(home.prod(), "other")).containsExactly("3");
    assertThat(home.trail("batch", "clickhouse_user"))
        .containsExactly(TestClickHouse.BEARER, TestClickHouse.BEARER);
  }

  @Test
  void theServerRefusesWhatTheClickHouseRoleMayNotThoughTheUserMay() {
    home.connection("bearer", TestClickHouse.BEARER);
    home.policy(
        PolicyHome.text().replace("connection: staging", "connection: bearer, role: prod_writer"));
    home.flow("trips", home.staging(), "");
    drop("trips", "a.csv", 1);

    assertThat(home.road().once().holds()).hasSize(1);
    assertThat(home.rows(home.staging(), "trips")).isEmpty();
  }

  @Test
  void aWriteThatIsNotAllowedIsHeldBeforeAByteLeaves() {
    home.flow("trips", home.prod(), "");
    drop("trips", "a.csv", 1);

    RoadHome.Ended ended = home.road().once();

    assertThat(ended.holds())
        .singleElement()
        .asString()
        .contains("role developer may not write in production", "policy.yaml:9");
    assertThat(home.road().flow("trips").hold().orElseThrow().reason()).contains("policy.yaml:9");
    assertThat(home.road().files("in/trips")).containsExactly("a.csv");
    assertThat(home.road().runs("trips")).isEmpty();
    assertThat(home.rows(home.prod(), "trips")).isEmpty();
    assertThat(home.inserts(TestClickHouse.STAGER, home.prod(), "trips")).isZero();
    assertThat(home.inserts(TestClickHouse.user(), home.prod(), "trips")).isZero();
    assertThat(home.trail("denied", "flow, role, action, table, rule, outcome"))
        .containsExactly("trips\tdeveloper\twrite\ttrips\tpolicy.yaml:9\tdenied");
  }

  @Test
  void aRoleThatIsNotThereIsHeldWithThoseThatAre() {
    home.flow("trips", home.staging(), "role=develper");
    drop("trips", "a.csv", 1);

    assertThat(home.road().once().holds())
        .singleElement()
        .asString()
        .contains("there is no role develper", "developer, ops");
  }

  @Test
  void aRouteCannotTakeItsRoleToAnotherConnection() {
    home.flow("trips", home.staging(), "connection=production");
    drop("trips", "a.csv", 1);

    assertThat(home.road().once().holds())
        .singleElement()
        .asString()
        .contains("the route names connection production, and role developer works with staging");
  }

  @Test
  void rightsThatAreTakenAwayHoldAFlowThatRunsUntilTheyAreBack() {
    home.flow("trips", home.staging(), "");
    drop("trips", "a.csv", 1);
    try (Application application = home.road().start(false)) {
      awaitDelivered(application, "trips");
      home.policy(PolicyHome.text().replaceFirst("write: \\[staging]", "write: []"));
      awaitHeld(application);
      drop("trips", "b.csv", 2);
      assertThat(application.holds().iterator().next().reason())
          .contains("role developer may not write in staging");
      assertThat(home.rows(home.staging(), "trips")).containsExactly("1");

      home.policy(PolicyHome.text());
      awaitDelivered(application, "trips");
    }
    assertThat(home.rows(home.staging(), "trips")).containsExactly("1", "2");
    assertThat(home.trail("policy", "outcome, detail LIKE '%-    write: [staging]%'"))
        .containsExactly("loaded\t0", "changed\t1", "changed\t0");
    assertThat(home.trail("denied", "flow, action")).containsExactly("trips\twrite");
  }

  @Test
  void aRouteFileThatTakesItsFlowToAForbiddenTableIsNotTaken() {
    home.flow("trips", home.staging(), "");
    try (Application application = home.road().start(false)) {
      home.flow("trips", home.prod(), "");
      Awaitility.await()
          .until(
              () ->
                  home.road()
                      .ledger(reader -> reader.routeFiles().get(0).refusal())
                      .filter(
                          refusal ->
                              refusal
                                  .reason()
                                  .contains("role developer may not write in production"))
                      .isPresent());
      drop("trips", "a.csv", 1);
      awaitDelivered(application, "trips");
    }
    assertThat(home.rows(home.staging(), "trips")).containsExactly("1");
  }

  @Test
  void aBrokenPolicyKeepsTheOneBeforeAndSaysSo() {
    home.flow("trips", home.staging(), "");
    try (Application application = home.road().start(false)) {
      home.policy(PolicyHome.text().replace("write: [staging]", "wirte: [staging]"));
      Awaitility.await()
          .until(
              () ->
                  home.road()
                      .ledger(reader -> reader.policies().get(0).refusal())
                      .filter(
                          refusal ->
                              refusal
                                  .reason()
                                  .contains(
                                      "policy.yaml:11: roles.developer: there is no key 'wirte';"
                                          + " did you mean write?"))
                      .isPresent());
      assertThat(application.vitals().orElseThrow().health().checks())
          .anySatisfy(
              check -> {
                assertThat(check.name()).isEqualTo("policy");
                assertThat(check.reason()).contains("did you mean write?");
              });
      drop("trips", "a.csv", 1);
      awaitDelivered(application, "trips");
    }
    assertThat(home.rows(home.staging(), "trips")).containsExactly("1");
    assertThat(home.trail("policy", "outcome")).containsExactly("loaded", "refused");
    assertThatThrownBy(() -> home.road().start(true))
        .hasRootCauseMessage(
            "policy.yaml:11: roles.developer: there is no key 'wirte'; did you mean write?");
  }

  @Test
  void aKillSwitchStopsAnEnvironmentOrAFlowUntilItIsOff() {
    home.policy(PolicyHome.text().replace("olga", System.getProperty("user.name")));
    home.flow("trips", home.staging(), "");
    try (Application application = home.road().start(false)) {
      for (String name : new String[] {"staging", "trips"}) {
        assertThat(home.road().order(new Order.KillSwitch(name, true)).outcome())
            .isEqualTo(Answer.Outcome.DONE);
        awaitHeld(application);
        drop("trips", name + ".csv", name.length());
        assertThat(application.holds().iterator().next().reason())
            .contains("kill switch of", name, "is on, by " + System.getProperty("user.name"));
        assertThat(home.road().order(new Order.KillSwitch(name, false)).outcome())
            .isEqualTo(Answer.Outcome.DONE);
        awaitDelivered(application, "trips");
      }
      assertThat(home.road().order(new Order.KillSwitch("nothing", true)).outcome())
          .isEqualTo(Answer.Outcome.REFUSED);
    }
    assertThat(home.rows(home.staging(), "trips")).containsExactly("5", "7");
    assertThat(home.trail("policy", "action, outcome").stream().filter(it -> it.startsWith("k")))
        .containsExactly(
            "kill-switch\ton", "kill-switch\toff", "kill-switch\ton", "kill-switch\toff");
  }

  @Test
  void whoMayNotAdministerPutsNoKillSwitch() {
    home.flow("trips", home.staging(), "");

    Answer answer = home.road().order(new Order.KillSwitch("staging", true));

    assertThat(answer.outcome()).isEqualTo(Answer.Outcome.DENIED);
    assertThat(answer.lines()).anySatisfy(line -> assertThat(line).startsWith("denied: "));
  }

  @Test
  void outsideOfItsHoursAnEnvironmentIsNotWritten() {
    Instant later = Instant.now().plusSeconds(6 * 3600);
    DateTimeFormatter clock = DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);
    String hours =
        "%s-%s UTC".formatted(clock.format(later), clock.format(later.plusSeconds(3600)));
    home.policy(
        PolicyHome.text()
            .replace("[\"STAGING.*\"]", "[\"STAGING.*\"]\n    hours: \"" + hours + "\""));
    home.flow("trips", home.staging(), "");
    drop("trips", "a.csv", 1);

    assertThat(home.road().once().holds())
        .singleElement()
        .asString()
        .contains("staging may be written " + hours + " only", "policy.yaml:5");
    assertThat(home.rows(home.staging(), "trips")).isEmpty();
  }

  @Test
  void aRunThatWouldBringTooMuchFailsAndGoesOnWhenItMay() {
    home.policy(
        PolicyHome.text().replace("[\"STAGING.*\"]", "[\"STAGING.*\"]\n    max-rows-per-run: 3"));
    home.flow("trips", home.staging(), "batchRows=2");
    drop("trips", "a.csv", 1, 2, 3, 4, 5);

    home.road().once();

    assertThat(home.road().states("trips")).containsExactly("failed");
    assertThat(home.road().runs("trips").get(0).reason())
        .isEqualTo("the run would bring more than 3 rows (policy.yaml:5)");
    assertThat(home.rows(home.staging(), "trips")).containsExactly("1", "2");
    home.policy(PolicyHome.text().replace("anna", System.getProperty("user.name")));
    home.road().order(new Order.Rerun(home.road().runs("trips").get(0).id(), false, false));
    assertThat(home.rows(home.staging(), "trips")).containsExactly("1", "2", "3", "4", "5");
  }
}
