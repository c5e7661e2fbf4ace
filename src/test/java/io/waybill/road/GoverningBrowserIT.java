package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.testing.Chromium;
import io.waybill.testing.StandInProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** Approvals and kill switches in a browser, by people who log in. */
@Timeout(300)
final class GoverningBrowserIT {
  private static final String HOSTILE = "<img src=x onerror=alert(1)>";
  private static final String AUDITOR =
      """
        auditor:
          audit: true
          members:
            - claim: { groups: auditors }
      """;

  private static final StandInProvider PROVIDER = new StandInProvider();
  @TempDir static Path profile;
  private static Dashboard dashboard;
  @TempDir Path folder;
  private PolicyHome home;
  private Application application;

  @BeforeAll
  static void open() {
    Assumptions.assumeTrue(Chromium.isThere(), Chromium.HOW_TO);
    dashboard = Dashboard.open(profile, PROVIDER);
  }

  @AfterAll
  static void quit() {
    PROVIDER.close();
    if (dashboard != null) {
      dashboard.close();
    }
  }

  @BeforeEach
  void serve() {
    home = PolicyHome.in(folder);
    home.policy(
        PolicyHome.text()
            .replace("- local: anna", "- claim: { groups: developers }")
            .replace("- local: olga", "- claim: { groups: operators }")
            .replace("flows:\n", AUDITOR + "flows:\n"));
    home.road()
        .set("waybill.management.port", "0")
        .set("waybill.identity.oidc.issuer", PROVIDER.issuer())
        .set("waybill.identity.oidc.audience", StandInProvider.CLIENT)
        .set("waybill.identity.oidc.client-id", StandInProvider.CLIENT);
    home.table(home.prod(), "trips").table(home.staging(), "rides");
    home.flow("trips", home.prod(), "role=ops");
    home.road()
        .route(
            "hostile",
            """
            - route:
                id: '%s'
                from:
                  uri: file:in/rides?initialDelay=0&delay=50
                  steps:
                    - to: waybill:%s.rides
            """
                .formatted(HOSTILE, home.staging()));
    home.road().drop("trips", "a.csv", "id\n1\nx2\nx3\n");
    application = home.road().start(false);
    dashboard.at(application.managementUrl().orElseThrow());
    Dashboard.eventually().until(() -> letters().size() == 2);
  }

  @AfterEach
  void leave() {
    dashboard.leave();
    application.close();
  }

  private List<DeadLetterRow> letters() {
    return home.road().letters();
  }

  /** Mends the first dead letter that waits in the page. */
  private String mend(String records) {
    dashboard.show("dead-letters").click("main td input[type=checkbox]:enabled");
    return dashboard.press(
        "#mend",
        dialog -> {
          dialog.findElement(By.id("mended")).clear();
          dialog.findElement(By.id("mended")).sendKeys(records);
        });
  }

  @Test
  void aSecondPersonDecidesAndWhoAskedDoesNot() {
    dashboard.as("olga", "operators");
    assertThat(mend("id\n2\n")).contains("it waits as approval 1");
    assertThat(mend("id\n3\n")).contains("it waits as approval 2");
    dashboard.show("approvals").see("replay of flow trips in production", "asked by you");
    assertThat(dashboard.text()).contains("olga@oidc", "production", "policy.yaml:7", "waiting");
    assertThat(dashboard.has("main td button")).isFalse();
    assertThat(dashboard.order("/approvals/1/decide", "{\"approve\":true}")).isEqualTo(403);

    dashboard.as("vera", "auditors").show("approvals").see("replay of flow trips in production");
    assertThat(dashboard.has("main td button")).isFalse();
    assertThat(dashboard.order("/approvals/1/decide", "{\"approve\":true}")).isEqualTo(403);
    dashboard.as("anna", "developers");
    assertThat(dashboard.isShown("#nav a[data-section=approvals]")).isFalse();
    dashboard.show("approvals").see("may not");
    assertThat(dashboard.text()).doesNotContain("trips");
    assertThat(home.rows(home.prod(), "trips")).containsExactly("1");

    dashboard.as("otto", "operators").show("approvals").see("replay of flow trips in production");
    assertThat(dashboard.press("button[data-key='Reject 2']")).contains("approval 2 is rejected");
    assertThat(dashboard.press("button[data-key='Approve 1']")).doesNotContain("may not");
    dashboard.see("Nothing waits.", "approved", "rejected", "otto@oidc");
    assertThat(home.rows(home.prod(), "trips")).containsExactly("1", "2");
    assertThat(letters())
        .extracting(letter -> letter.state() + " " + letter.settledBy())
        .containsExactly("REPLAYED olga@oidc", "STORED ");
  }

  @Test
  void aKillSwitchStopsAFlowUntilItIsLiftedAndHostileTextIsShownAsText() {
    String reason = "<script>alert(2)</script> a leak";
    dashboard.as("otto", "operators").show("kill-switches").see("staging", "production", HOSTILE);
    dashboard.press(
        "button[aria-label='Stop flow %s']".formatted(HOSTILE),
        dialog -> dialog.findElement(By.id("why")).sendKeys(reason));
    dashboard.see("otto@oidc", reason);
    Dashboard.eventually().until(() -> !application.holds().isEmpty());
    home.road().drop("rides", "a.csv", "id\n1\n");

    dashboard.show("flows").see("kill switch", HOSTILE);
    dashboard.click("main tbody a[href*='img']");
    dashboard.see("kill switch", "the kill switch of flow " + HOSTILE + " is on, by otto@oidc");
    assertThat(dashboard.text()).contains(reason);
    dashboard.show("").see("Held: " + HOSTILE, reason);
    assertThat(dashboard.has("main img, main script")).isFalse();
    assertThat(home.road().files("in/rides")).containsExactly("a.csv");
    assertThat(home.rows(home.staging(), "rides")).isEmpty();

    dashboard.as("vera", "auditors").show("kill-switches").see("otto@oidc", reason);
    assertThat(dashboard.has("main td button")).isFalse();
    assertThat(dashboard.order("/kill-switches/staging", "{\"on\":true}")).isEqualTo(403);
    dashboard.show("audit").see("kill-switch", reason);

    dashboard.as("otto", "operators").show("kill-switches");
    dashboard.press("button[aria-label='Lift flow %s']".formatted(HOSTILE));
    Dashboard.eventually()
        .untilAsserted(() -> assertThat(home.rows(home.staging(), "rides")).containsExactly("1"));
    dashboard.show("flows").see(HOSTILE);
    Dashboard.eventually()
        .untilAsserted(() -> assertThat(dashboard.text()).doesNotContain("kill switch"));
  }

  @Test
  void whatThePolicyStopsIsMarkedAndNotLiftedByThePage() {
    home.policy(
        PolicyHome.text()
            .replace("approvals: [replay, backfill]", "kill-switch: true")
            .replace("- local: olga", "- claim: { groups: operators }"));
    Dashboard.eventually().until(() -> !application.holds().isEmpty());
    dashboard.as("otto", "operators").show("kill-switches").see("policy.yaml:7", "in the policy");
    assertThat(dashboard.has("button[aria-label='Stop environment production']")).isFalse();
    assertThat(dashboard.has("button[aria-label='Lift environment production']")).isFalse();
    dashboard.show("flows/trips").see("kill switch", "policy.yaml:7");
  }
}
