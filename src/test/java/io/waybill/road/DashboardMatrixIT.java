package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.road.OperatedHome.Place;
import io.waybill.testing.Chromium;
import io.waybill.testing.StandInProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who may do what at the dashboard: what its pages offer to the session of a role, and what comes
 * of each of their buttons. What is not offered is ordered all the same, by that session. The other
 * doors are in {@link RightsMatrixIT} and {@link PolicyMatrixIT}; what is expected stands in the
 * tables, as there.
 */
@Timeout(300)
final class DashboardMatrixIT {
  private static final StandInProvider PROVIDER = new StandInProvider();
  private static final String RANGE = "{\"from\":\"2026-01-01\",\"to\":\"2026-01-02\"}";
  @TempDir static Path folder;
  @TempDir static Path profile;
  private static OperatedHome home;
  private static Dashboard dashboard;
  private static String seated = "";

  @BeforeAll
  static void serve() {
    Assumptions.assumeTrue(Chromium.isThere(), Chromium.HOW_TO);
    home = new OperatedHome(folder, PROVIDER);
    dashboard = Dashboard.open(profile, PROVIDER).at(home.url());
  }

  @AfterAll
  static void close() {
    if (dashboard == null) {
      return;
    }
    try {
      dashboard.leave();
    } finally {
      dashboard.close();
      home.close();
      PROVIDER.close();
    }
  }

  /** A role logs in once; its cells stand one after the other. */
  private static void as(String role) {
    if (!seated.equals(role)) {
      dashboard.as(role, role + "s");
      seated = role;
    }
  }

  /** A button that is offered works; what is not offered is refused to who orders it anyway. */
  private static void assertOffered(boolean may, String css, String path, String body) {
    if (may) {
      assertThat(dashboard.press(css)).as(css + " " + path).doesNotContain("may not");
    } else {
      assertThat(dashboard.has(css + ":enabled")).as(css).isFalse();
      assertThat(dashboard.order(path, body)).as(path).isEqualTo(403);
    }
  }

  /** Waits until a page shows that, or that it may not be seen. */
  private static void assertShown(boolean sees, String page, String css, String api) {
    dashboard.show(page);
    if (sees) {
      Dashboard.eventually().until(() -> dashboard.has(css));
    } else {
      dashboard.see("Who asks may not", "policy.yaml:");
      assertThat(dashboard.has(css)).as(page).isFalse();
      assertThat(dashboard.read(api)).as(api).isEqualTo(403);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    // role, environment, sees its papers, sees rows, operates
    "developer, staging,    yes, yes, yes",
    "developer, production, no,  no,  no",
    "operator,  staging,    yes, no,  yes",
    "operator,  production, yes, no,  yes",
    "steward,   staging,    no,  no,  no",
    "steward,   production, yes, yes, no",
    "auditor,   staging,    yes, no,  no",
    "auditor,   production, yes, no,  no",
    "admin,     staging,    no,  no,  no",
    "admin,     production, no,  no,  no",
    "stranger,  staging,    no,  no,  no",
    "stranger,  production, no,  no,  no"
  })
  void inAnEnvironment(String role, String environment, String sees, String rows, String operates) {
    Place place = home.places().get(environment);
    as(role);
    listed(place, sees.equals("yes"));
    flow(place, sees.equals("yes"), operates.equals("yes"), role);
    trigger(place, sees.equals("yes"), operates.equals("yes"));
    runs(place, sees.equals("yes"), operates.equals("yes"));
    letters(place, sees.equals("yes"), rows.equals("yes"), operates.equals("yes"));
  }

  private static void listed(Place place, boolean sees) {
    for (String page : List.of("", "flows", "runs")) {
      dashboard.show(page);
      Dashboard.eventually().until(() -> dashboard.has("main .table-box"));
      if (sees) {
        dashboard.see(place.flow());
      }
      assertThat(dashboard.text().contains(place.flow())).as(page).isEqualTo(sees);
    }
  }

  private static void flow(Place place, boolean sees, boolean operates, String role) {
    String api = "/flows/" + place.flow();
    assertShown(sees, "flows/" + place.flow(), "#pause", api);
    assertOffered(operates, "#start", api + "/trigger", "{}");
    assertOffered(operates, "#backfill", api + "/backfill", RANGE);
    assertOffered(operates, "#pause", api + "/pause", "{}");
    if (operates) {
      assertThat(home.pausedBy(place)).hasValue(role + "@oidc");
      dashboard.see("Resume");
    }
    assertOffered(operates, "#pause", api + "/resume", "{}");
    assertThat(home.pausedBy(place)).isEmpty();
  }

  private static void trigger(Place place, boolean sees, boolean operates) {
    String open = home.openTrigger(place);
    assertShown(sees, "flows/" + place.endless(), "[aria-label=Triggers]", "/triggers/" + open);
    assertOffered(operates, "button[data-key^='cancel ']", "/triggers/" + open + "/cancel", "{}");
  }

  private static void runs(Place place, boolean sees, boolean operates) {
    String api = "/runs/" + place.runs().peek();
    assertShown(sees, "runs/" + place.runs().peek(), "#rerun", api);
    assertOffered(operates, "#reconcile", api + "/reconcile", "{}");
    assertOffered(operates, "#rerun", api + "/rerun", "{}");
    assertOffered(operates, "#again", api + "/rerun", "{\"again\":true}");
    assertOffered(operates, "#mark", api + "/mark", "{\"state\":\"completed\",\"note\":\"t\"}");
    if (operates) {
      place.runs().remove();
    }
    String other = place.runs().peek();
    assertShown(sees, "runs/" + other, "#rerun", "/runs/" + other);
    assertOffered(operates, "#cancel-run", "/runs/" + other + "/cancel", "{}");
    if (operates) {
      place.runs().remove();
    }
  }

  private static void letters(Place place, boolean sees, boolean rows, boolean operates) {
    String letter = home.letters(place).get(0);
    dashboard.show("dead-letters?flow=" + place.flow());
    if (sees) {
      dashboard.click("button[data-key='open %s']".formatted(letter));
      dashboard.see(rows ? "the-secret-of-" + place.flow() : "Its record is shown to who may read");
    } else {
      dashboard.see("None like this.");
    }
    assertThat(dashboard.text().contains("the-secret-of-")).isEqualTo(rows);
    assertThat(dashboard.read("/dead-letters/" + letter)).isEqualTo(rows ? 200 : 403);
    String given = "{\"letters\":[\"%s\"]".formatted(letter);
    choose(sees);
    assertOffered(operates, "#replay", "/dead-letters/replay", given + "}");
    choose(sees);
    if (operates && !rows) {
      assertThat(dashboard.has("#mend:enabled")).as("who may not read the record").isFalse();
    } else {
      assertOffered(
          operates, "#mend", "/dead-letters/replay-mended", given + ",\"records\":\"id\\n\"}");
      choose(sees);
    }
    assertOffered(operates, "#discard", "/dead-letters/discard", given + ",\"reason\":\"t\"}");
  }

  /** Ticks the first record, if it is not yet. */
  private static void choose(boolean sees) {
    if (sees && !dashboard.has("main td input:checked")) {
      dashboard.click("main td input[type=checkbox]:enabled");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // role, sees how the home is set up, sees the trail, administers
    "developer, no,  no,  no",
    "operator,  no,  no,  no",
    "steward,   no,  no,  no",
    "auditor,   yes, yes, no",
    "admin,     yes, no,  yes",
    "stranger,  no,  no,  no"
  })
  void ofTheHome(String role, String setup, String trail, String administers) {
    as(role);
    for (String page : List.of("approvals", "kill-switches", "connections", "configuration")) {
      String link = "#nav a[data-section=%s]".formatted(page);
      assertThat(dashboard.isShown(link)).as(link).isEqualTo(setup.equals("yes"));
      assertShown(setup.equals("yes"), page, "main tbody tr", "/" + page);
    }
    assertThat(dashboard.isShown("#nav a[data-section=audit]")).isEqualTo(trail.equals("yes"));
    assertShown(trail.equals("yes"), "audit", "main tbody tr", "/audit");
    home.places()
        .forEach((environment, place) -> governs(environment, place, administers.equals("yes")));
  }

  private static void governs(String environment, Place place, boolean administers) {
    dashboard.show("approvals");
    for (String word : List.of("Approve", "Reject")) {
      long number = place.approvals().peek();
      assertOffered(
          administers,
          "button[data-key='%s %d']".formatted(word, number),
          "/approvals/%d/decide".formatted(number),
          "{\"approve\":%b}".formatted(word.equals("Approve")));
      if (administers) {
        place.approvals().remove();
      }
    }
    dashboard.show("kill-switches");
    for (String name : List.of("environment " + environment, "flow " + place.flow())) {
      String path = "/kill-switches/" + name.replaceFirst(".* ", "");
      for (String word : List.of("Stop", "Lift")) {
        assertOffered(
            administers,
            "button[aria-label='%s %s']".formatted(word, name),
            path,
            "{\"on\":%b}".formatted(word.equals("Stop")));
      }
    }
    home.assertNothingIsStopped();
  }
}
