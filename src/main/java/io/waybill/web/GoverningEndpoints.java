package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Order;
import io.waybill.control.Permissions;
import io.waybill.ledger.FlowRow;
import io.waybill.policy.Environment;
import io.waybill.web.view.ApprovalView;
import io.waybill.web.view.KillSwitchView;
import io.waybill.web.view.OrderView;
import java.time.Instant;
import java.util.List;

/** What needs a second person, and what stops all writing. */
final class GoverningEndpoints {
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 500;
  private static final int LONGEST_REASON = 500;
  private final Listings listings;
  private final Permissions permissions;
  private final OrderLog orders;

  GoverningEndpoints(Listings listings, Permissions permissions, OrderLog orders) {
    this.listings = listings;
    this.permissions = permissions;
    this.orders = orders;
  }

  List<Endpoint> all() {
    return List.of(approvals(), decide(), switches(), turn());
  }

  private Endpoint approvals() {
    return Endpoint.get(
            "/approvals",
            "approvals",
            "What needs a second person, the newest first",
            ApprovalView.Listing.class,
            Need.PAPERS,
            this::approvals)
        .with(Param.number("limit", "at most so many"));
  }

  private ApprovalView.Listing approvals(Request request) {
    Instant now = Instant.now();
    return new ApprovalView.Listing(
        listings.approvals(request.number("limit", PAGE, LONGEST_PAGE)).stream()
            .map(row -> ApprovalView.of(row, now))
            .toList());
  }

  private Endpoint decide() {
    return Endpoint.post(
            "/approvals/{approval}/decide",
            "decideApproval",
            "Agrees to what waits for a second person, or does not",
            OrderView.Decide.class,
            OrderView.class,
            Need.TO_ADMINISTER,
            request -> {
              Order order =
                  new Order.Decide(number(request), request.body(OrderView.Decide.class).approve());
              return orders.order("decide", request.caller(), by -> orders.carryOut(order, by));
            })
        .with(Param.path("approval", "its number"));
  }

  private static long number(Request request) {
    String text = request.path("approval");
    if (!text.matches("\\d{1,18}")) {
      throw Request.bad("approval is no number");
    }
    return Long.parseLong(text);
  }

  private Endpoint switches() {
    return Endpoint.get(
        "/kill-switches",
        "killSwitches",
        "Kill switches that are on, and what they are of",
        KillSwitchView.Listing.class,
        Need.PAPERS,
        request -> switchesNow());
  }

  /** Who administers may stop flows that he sees nothing else of. */
  private KillSwitchView.Listing switchesNow() {
    Stops stops = Stops.now(listings, permissions);
    return new KillSwitchView.Listing(
        stops.all(),
        stops.environments().stream().map(Environment::name).toList(),
        listings.flows().stream().filter(FlowRow::loaded).map(FlowRow::name).toList());
  }

  private Endpoint turn() {
    return Endpoint.post(
            "/kill-switches/{name}",
            "killSwitch",
            "Stops all writing by a flow or into an environment, or lets it go on",
            OrderView.KillSwitch.class,
            OrderView.class,
            Need.TO_ADMINISTER,
            request -> {
              Order order = turned(request);
              return orders.order(
                  "kill switch", request.caller(), by -> orders.carryOut(order, by));
            })
        .with(Param.path("name", "of an environment of the policy, or of a flow"));
  }

  private static Order turned(Request request) {
    OrderView.KillSwitch body = request.body(OrderView.KillSwitch.class);
    String reason = body.reason() == null ? "" : body.reason().strip();
    if (reason.length() > LONGEST_REASON) {
      throw Request.bad("reason has more than %d characters".formatted(LONGEST_REASON));
    }
    return new Order.KillSwitch(request.path("name"), body.on(), reason);
  }
}
