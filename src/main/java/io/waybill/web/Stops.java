package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Permissions;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.KillSwitchRow;
import io.waybill.policy.Environment;
import io.waybill.web.view.KillSwitchView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kill switches that are on now, by order or by the policy.
 *
 * @param ordered by order
 * @param environments all of the policy
 */
record Stops(List<KillSwitchRow> ordered, List<Environment> environments) {

  static Stops now(Listings listings, Permissions permissions) {
    return new Stops(listings.killSwitches(), permissions.environments());
  }

  List<KillSwitchView> all() {
    return Stream.concat(
            ordered.stream().map(KillSwitchView::of),
            environments.stream().filter(Environment::isKilled).map(KillSwitchView::of))
        .toList();
  }

  /** The one that stops a flow, if one does. */
  Optional<KillSwitchView> of(FlowRow flow) {
    List<String> places =
        flow.target().stream()
            .flatMap(
                table ->
                    environments.stream().filter(it -> it.has(table.database(), table.table())))
            .map(Environment::name)
            .toList();
    return all().stream()
        .filter(
            each ->
                each.isOfEnvironment()
                    ? places.contains(each.name())
                    : each.name().equals(flow.name()))
        .findFirst();
  }
}
