package io.waybill.web;

import io.waybill.control.Caller;
import io.waybill.control.Listings;
import io.waybill.control.Permissions;
import io.waybill.delivery.TableName;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.web.Problem.Kind;
import java.util.List;

/** Refuses what a caller may not. May read the ledger. Thread-safe. */
final class Permit {
  private final Permissions permissions;
  private final Listings listings;

  Permit(Permissions permissions, Listings listings) {
    this.permissions = permissions;
    this.listings = listings;
  }

  /** What a caller sees of listings. */
  Sight sight(Caller caller) {
    return new Sight(permissions, listings, caller.who());
  }

  Permissions permissions() {
    return permissions;
  }

  /**
   * Whether a request may be answered.
   *
   * @throws ProblemException if not, which is noted
   */
  void check(Endpoint endpoint, Request request) {
    if (!permissions.isOn() || endpoint.need().anyOf().isEmpty()) {
      return;
    }
    List<Action> actions = endpoint.need().anyOf();
    if (actions.stream().noneMatch(Action::isAboutTables)) {
      require(endpoint, request, actions.stream().map(action -> decide(request, action)).toList());
      return;
    }
    for (TableName table : endpoint.need().concern().tables(request)) {
      require(
          endpoint,
          request,
          actions.stream()
              .map(
                  action ->
                      action.isAboutTables()
                          ? permissions.decide(request.caller().who(), action, table)
                          : decide(request, action))
              .toList());
    }
  }

  private Decision decide(Request request, Action action) {
    return permissions.decide(request.caller().who(), action);
  }

  private void require(Endpoint endpoint, Request request, List<Decision> decisions) {
    if (decisions.stream().noneMatch(Decision::allowed)) {
      Decision first = decisions.get(0);
      permissions.denied(request.caller().who(), endpoint.id(), first);
      throw new ProblemException(Kind.FORBIDDEN, first.toString(), first.remedy());
    }
  }
}
