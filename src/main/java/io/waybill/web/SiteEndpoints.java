package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Permissions;
import io.waybill.control.Serving;
import io.waybill.control.Serving.Pulse;
import io.waybill.delivery.RunState;
import io.waybill.delivery.TableName;
import io.waybill.ledger.DeadLetterGroup;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.RouteFileRow;
import io.waybill.policy.Action;
import io.waybill.policy.Identity;
import io.waybill.web.view.CallerView;
import io.waybill.web.view.HoldView;
import io.waybill.web.view.SiteView;
import io.waybill.web.view.StatusView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What can be read of the process and its home, and what the caller may. */
final class SiteEndpoints {
  private static final int NEWEST = 200;
  private final Listings listings;
  private final Serving serving;
  private final Permit permit;
  private final Tables tables;

  SiteEndpoints(Desk desk, Permit permit, Tables tables) {
    this.listings = desk.listings();
    this.serving = desk.serving();
    this.permit = permit;
    this.tables = tables;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            "/status",
            "status",
            "How it stands",
            StatusView.class,
            Need.NOTHING,
            request -> status(permit.sight(request.caller()))),
        Endpoint.get(
            "/checks",
            "checks",
            "Flows that wait, and route files that are not loaded",
            SiteView.Checks.class,
            Need.NOTHING,
            request -> checks(permit.sight(request.caller()))),
        Endpoint.get(
            "/connections",
            "connections",
            "Connections and until when their credentials are good; never a password",
            SiteView.Connections.class,
            Need.PAPERS,
            request ->
                new SiteView.Connections(
                    serving.connections().stream().map(SiteView.Connection::of).toList())),
        Endpoint.get(
            "/configuration",
            "configuration",
            "All settings in force, secrets masked",
            SiteView.Configuration.class,
            Need.PAPERS,
            request ->
                new SiteView.Configuration(
                    serving.settings().stream().map(SiteView.Setting::of).toList())),
        Endpoint.get(
            "/me",
            "me",
            "Who asks, and what he may",
            CallerView.class,
            Need.NOTHING,
            this::caller));
  }

  private SiteView.Checks checks(Sight sight) {
    return new SiteView.Checks(holds(serving.pulse(0), sight), problems(sight));
  }

  static List<HoldView> holds(Pulse pulse, Sight sight) {
    return pulse.holds().stream()
        .filter(hold -> sight.ofFlow(hold.flow()))
        .map(HoldView::of)
        .toList();
  }

  /** What is wrong with a file names no table, so who sees it sees how the home is set up. */
  private List<String> problems(Sight sight) {
    if (!sight.papers()) {
      return List.of();
    }
    List<String> problems = new ArrayList<>(serving.problems());
    for (RouteFileRow file : listings.routeFiles()) {
      file.refusal()
          .filter(refusal -> file.isLoaded())
          .ifPresent(
              refusal ->
                  problems.add(
                      "%s: a changed version was not taken: %s"
                          .formatted(file.name(), refusal.reason())));
    }
    return problems;
  }

  private StatusView status(Sight sight) {
    Pulse pulse = serving.pulse(0);
    int running =
        (int)
            pulse.runs().stream()
                .filter(run -> run.state() == RunState.RUNNING && sight.of(run.table()))
                .count();
    long letters =
        listings.deadLetterGroups(DeadLetterSelection.WAITING).stream()
            .filter(group -> sight.of(group.table()))
            .mapToLong(DeadLetterGroup::count)
            .sum();
    int flows = (int) listings.flows().stream().filter(FlowRow::loaded).filter(sight::of).count();
    return StatusView.of(
        serving.facts(),
        new StatusView.Counts(
            flows,
            running,
            letters,
            sight.papers() ? approvals() : 0,
            sight.papers() ? Stops.now(listings, permit.permissions()).all().size() : 0,
            listings.auditPending()),
        holds(pulse, sight),
        problems(sight));
  }

  /** Those that wait are among the newest, since their time runs out. */
  private int approvals() {
    Instant now = Instant.now();
    return (int)
        listings.approvals(NEWEST).stream().filter(approval -> approval.isWaiting(now)).count();
  }

  private CallerView caller(Request request) {
    Identity who = request.caller().who();
    Permissions permissions = permit.permissions();
    return new CallerView(
        who.name(),
        who.source(),
        List.copyOf(permissions.roles(who)),
        permissions.isOn(),
        request.caller().session().isPresent(),
        request.caller().csrf(),
        permissions.decide(who, Action.AUDIT).allowed(),
        permissions.decide(who, Action.ADMINISTER).allowed(),
        tables
            .all()
            .map(
                table ->
                    new CallerView.Table(
                        table.toString(),
                        may(who, Action.READ, table),
                        may(who, Action.OPERATE, table)))
            .filter(table -> table.read() || table.operate())
            .toList());
  }

  private boolean may(Identity who, Action action, TableName table) {
    return permit.permissions().decide(who, action, table).allowed();
  }
}
