package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.app.Home;
import io.waybill.app.WaybillConfig;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.control.Answer;
import io.waybill.control.Answer.Outcome;
import io.waybill.control.Order;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.TriggerRow;
import io.waybill.policy.Identity;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an environment asks a second person for waits for one, and then happens once. */
@Timeout(180)
final class ApprovalsIT {
  @TempDir Path folder;
  private PolicyHome home;

  @BeforeEach
  void refusedRecords() {
    home = PolicyHome.in(folder);
    home.policy(PolicyHome.text().replace("- local: olga", "- local: olga\n      - local: otto"));
    home.table(home.prod(), "trips").table(home.staging(), "rides");
    home.flow("trips", home.prod(), "role=ops").flow("rides", home.staging(), "");
    home.road().drop("trips", "a.csv", "id\n1\nx2\n");
    home.road().drop("rides", "a.csv", "id\n1\nx2\n");
    assertThat(home.road().once().holds()).isEmpty();
  }

  private List<String> letters(String flow) {
    return home.road().letters().stream()
        .filter(letter -> letter.flow().equals(flow))
        .map(DeadLetterRow::id)
        .toList();
  }

  private Answer order(Application application, Order order, String by) {
    return application.orders().carryOut(order, Identity.local(by));
  }

  private Path mended(String content) throws IOException {
    return Files.writeString(folder.resolve("mended.csv"), content);
  }

  @Test
  void aReplayIntoProductionWaitsForSomebodyElse() throws IOException {
    Path file = mended("id\n2\n");
    Order replay = new Order.ReplayMended(file.toString(), letters("trips"));
    try (Application application = home.road().start(false)) {
      Answer waits = order(application, replay, "olga");
      assertThat(waits.outcome()).isEqualTo(Outcome.HELD_OR_FAILED);
      assertThat(waits.lines().get(0))
          .startsWith(
              "replay into production needs a second person (policy.yaml:7): it waits as approval"
                  + " 1");
      // what was asked for is what is done, whatever becomes of the file
      Files.writeString(file, "id\n666\n");

      assertThat(order(application, new Order.Decide(1, true), "anna").lines())
          .first()
          .asString()
          .contains("denied: local:anna (role developer) may not administer");
      assertThat(order(application, new Order.Decide(1, true), "olga").lines())
          .containsExactly(
              "denied: approval 1 was asked for by olga@local; it needs another person"
                  + " (policy.yaml:7)",
              "remedy: let somebody else decide");
      assertThat(home.rows(home.prod(), "trips")).containsExactly("1");

      Answer done = order(application, new Order.Decide(1, true), "otto");
      assertThat(done.outcome()).as(done.lines().toString()).isEqualTo(Outcome.DONE);
      assertThat(order(application, new Order.Decide(1, true), "otto").lines())
          .containsExactly("approval 1 is approved, by otto@local");
      Awaitility.await().until(() -> application.auditPending() == 0);
    }
    assertThat(home.rows(home.prod(), "trips")).containsExactly("1", "2");
    assertThat(home.road().files("data/approvals")).isEmpty();
    assertThat(home.trail("approval", "outcome, ordered_by, environment, rule"))
        .containsExactly(
            "asked\tolga@local\tproduction\tpolicy.yaml:7",
            "approved\totto@local\tproduction\tpolicy.yaml:7");
    assertThat(home.trail("dead-letters", "outcome, ordered_by"))
        .containsExactly("replayed\tolga@local");
  }

  @Test
  void mendedRecordsOfAnotherHomeAreNotLostWhenTheyAreApprovedHere() throws Exception {
    TestPostgres server = TestPostgres.shared();
    home.road().ledgerIn(server.url(server.newSchema()));
    home.road().drop("trips", "b.csv", "id\n3\nx4\n");
    assertThat(home.road().once().holds()).isEmpty();
    Path other = Files.createDirectories(folder.resolve("other/routes")).getParent();
    for (String file :
        List.of("application.properties", "policy.yaml", "routes/trips.camel.yaml")) {
      Files.copy(folder.resolve(file), other.resolve(file));
    }
    Order replay = new Order.ReplayMended(mended("id\n4\n").toString(), letters("trips"));
    Order approve = new Order.Decide(1, true);
    try (Application here = home.road().start(false)) {
      assertThat(order(here, replay, "olga").lines().get(0)).contains("waits as approval 1");
      Path kept = folder.resolve("data/approvals").resolve(keptFile());
      Path moved = Files.move(kept, folder.resolve("moved"));
      try (Application there = idle(other)) {
        Answer answer = order(there, approve, "otto");
        assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(answer.lines())
            .first()
            .asString()
            .contains("the mended records of approval 1 are not here", kept.toString());
      }
      assertThat(home.rows(home.prod(), "trips")).containsExactly("1", "3");
      Files.move(moved, kept);
      Answer done = order(here, approve, "otto");
      assertThat(done.outcome()).as(done.lines().toString()).isEqualTo(Outcome.DONE);
    }
    assertThat(home.rows(home.prod(), "trips")).containsExactly("1", "3", "4");
    assertThat(home.road().files("data/approvals")).isEmpty();
  }

  /** Homes are folders of one machine here: the file is moved so that the other one lacks it. */
  private String keptFile() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/approvals"))) {
      return files.findFirst().orElseThrow().getFileName().toString();
    }
  }

  private static Application idle(Path folder) throws Exception {
    Home home = new Home(folder);
    return Application.start(
        home,
        WaybillConfig.load(home.properties(), Map.of()),
        new Application.Options(false, true, List.of(), DownloadListener.SILENT));
  }

  @Test
  void whatIsRejectedNeverHappens() {
    try (Application application = home.road().start(false)) {
      order(application, new Order.Replay(letters("trips")), "olga");

      assertThat(order(application, new Order.Decide(1, false), "otto").outcome())
          .isEqualTo(Outcome.DONE);
      assertThat(order(application, new Order.Decide(1, true), "otto").lines())
          .containsExactly("approval 1 is rejected, by otto@local");
    }
    assertThat(home.rows(home.prod(), "trips")).containsExactly("1");
    assertThat(home.road().letters())
        .extracting(DeadLetterRow::state)
        .containsOnly(DeadLetterRow.State.STORED);
  }

  @Test
  void aReplayIntoStagingNeedsNobody() throws IOException {
    Path file = mended("id\n2\n");
    Order replay = new Order.ReplayMended(file.toString(), letters("rides"));
    try (Application application = home.road().start(false)) {
      assertThat(order(application, replay, "anna").outcome()).isEqualTo(Outcome.DONE);
    }
    assertThat(home.rows(home.staging(), "rides")).containsExactly("1", "2");
  }

  @Test
  void aBackfillOfProductionWaitsToo() {
    Order backfill = new Order.Backfill("trips", "2026-01-01", "2026-01-03", "1d", 1, Map.of());
    try (Application application = home.road().start(false)) {
      assertThat(order(application, backfill, "olga").lines().get(0))
          .startsWith("backfill into production needs a second person");
      List<TriggerRow> triggers =
          home.road().ledger(reader -> reader.triggers(Optional.empty(), 9));
      assertThat(triggers).isEmpty();
    }
  }

  @Test
  void lettersOfSeveralFlowsWaitIfOneOfThemIsOfProduction() {
    List<String> both = List.of(letters("rides").get(0), letters("trips").get(0));
    try (Application application = home.road().start(false)) {
      assertThat(order(application, new Order.Replay(both), "olga").lines().get(0))
          .startsWith("replay into production needs a second person");
    }
    assertThat(TestClickHouse.query("SELECT count() FROM %s.rides".formatted(home.staging())))
        .isEqualTo("1");
  }
}
