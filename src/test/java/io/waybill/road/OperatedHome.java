package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.control.Order;
import io.waybill.delivery.RunState;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.TriggerRow;
import io.waybill.policy.Identity;
import io.waybill.testing.StandInProvider;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A home that serves, with two environments and six roles, in which there is something to do for
 * each button of the dashboard: flows, runs that failed, triggers that go on, dead letters and
 * approvals that wait.
 */
final class OperatedHome implements AutoCloseable {
  /** Two roles may operate staging; what they use up is there once more for those after them. */
  private static final int ENOUGH = 3;

  private static final String POLICY =
      """
      version: 1
      environments:
        staging:
          tables: ["%1$s.s_*"]
          approvals: [backfill]
        production:
          tables: ["%1$s.p_*"]
          approvals: [backfill]
      roles:
        loader:
          write: [staging, production]
        developer:
          read: [staging]
          operate: [staging]
          members:
            - claim: { groups: developers }
        operator:
          operate: [staging, production]
          members:
            - claim: { groups: operators }
            - local: operator
        steward:
          read: [production]
          members:
            - claim: { groups: stewards }
        auditor:
          audit: true
          members:
            - claim: { groups: auditors }
        admin:
          administer: true
          members:
            - claim: { groups: admins }
      flows:
        default-role: loader
      """;

  private final Map<String, Place> places = new LinkedHashMap<>();
  private final RoadHome home;
  private final Application application;

  /** What there is in an environment: a flow, one whose runs fail, and one that never ends. */
  record Place(
      String flow, String failing, String endless, Deque<String> runs, Deque<Long> approvals) {

    private static Place of(String prefix) {
      return new Place(
          prefix + "_orders",
          prefix + "_failing",
          prefix + "_endless",
          new ArrayDeque<>(),
          new ArrayDeque<>());
    }
  }

  OperatedHome(Path folder, StandInProvider provider) {
    home =
        RoadHome.in(folder)
            .set("waybill.management.port", "0")
            .set("waybill.identity.oidc.issuer", provider.issuer())
            .set("waybill.identity.oidc.audience", StandInProvider.CLIENT)
            .set("waybill.identity.oidc.client-id", StandInProvider.CLIENT);
    places.put("staging", Place.of("s"));
    places.put("production", Place.of("p"));
    places.values().forEach(this::fill);
    home.write("policy.yaml", POLICY.formatted(home.database()));
    application = home.start(false);
    places.values().forEach(this::begin);
  }

  private void fill(Place place) {
    List.of(place.flow(), place.failing(), place.endless())
        .forEach(flow -> home.table(flow, "id UInt64, text String"));
    home.movingFlow(place.flow(), "").movingFlow(place.failing(), "maxBadRows=0");
    home.route(
        place.endless(),
        """
        - route:
            id: %s
            from:
              uri: timer:%1$s?delay=3600000
              steps:
                - delay:
                    asyncDelayed: false
                    constant: 600000
                - to: %s
        """
            .formatted(place.endless(), home.target(place.endless(), "")));
    String bad = "x%d,the-secret-of-" + place.flow() + "\n";
    StringBuilder letters = new StringBuilder("id,text\n");
    for (int i = 0; i < 3 * ENOUGH; i++) {
      letters.append(bad.formatted(i));
    }
    home.drop(place.flow(), "a.csv", letters.toString());
    for (int i = 0; i < 2 * ENOUGH; i++) {
      home.drop(place.failing(), i + ".csv", "id,text\n%d,a\n".formatted(i) + bad.formatted(i));
    }
  }

  /** Starts what never ends, asks for approvals, and waits for the runs that fail. */
  private void begin(Place place) {
    for (int i = 0; i < ENOUGH; i++) {
      order(new Order.Trigger(place.endless(), Map.of(), ""));
      order(new Order.Backfill(place.flow(), "2026-01-01", "2026-01-02", "1d", 1, Map.of()));
    }
    home.ledger(reader -> reader.approvals(2 * ENOUGH)).stream()
        .filter(approval -> approval.flow().equals(place.flow()))
        .forEach(approval -> place.approvals().add(approval.number()));
    Dashboard.eventually()
        .until(
            () ->
                home.states(place.failing()).size() == 2 * ENOUGH
                    && home.runs(place.failing()).stream()
                        .allMatch(run -> run.state() == RunState.FAILED)
                    && letters(place).size() == 3 * ENOUGH);
    home.runs(place.failing()).forEach(run -> place.runs().add(run.id()));
  }

  private void order(Order order) {
    var unused = application.orders().carryOut(order, Identity.local("operator"));
  }

  String url() {
    return application.managementUrl().orElseThrow();
  }

  Map<String, Place> places() {
    return places;
  }

  /** Who wants a flow to rest, if somebody does. */
  Optional<String> pausedBy(Place place) {
    return home.flow(place.flow()).pause().map(pause -> pause.by());
  }

  /** Dead letters of an environment that wait, by id. */
  List<String> letters(Place place) {
    return home.letters().stream()
        .filter(letter -> letter.flow().equals(place.flow()))
        .filter(letter -> letter.state() == DeadLetterRow.State.STORED)
        .map(DeadLetterRow::id)
        .toList();
  }

  /** A trigger of an environment that has not ended. */
  String openTrigger(Place place) {
    return openTriggers()
        .filter(trigger -> trigger.flow().equals(place.endless()))
        .map(TriggerRow::id)
        .findFirst()
        .orElseThrow();
  }

  private Stream<TriggerRow> openTriggers() {
    return home.ledger(reader -> reader.triggers(Optional.empty(), 100)).stream()
        .filter(trigger -> !trigger.state().isEnded());
  }

  void assertNothingIsStopped() {
    assertThat(home.ledger(LedgerReader::killSwitches)).isEmpty();
  }

  @Override
  public void close() {
    openTriggers().forEach(trigger -> order(new Order.CancelTrigger(trigger.id())));
    application.close();
  }
}
