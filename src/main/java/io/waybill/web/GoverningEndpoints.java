package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Order;
import io.waybill.web.view.ApprovalView;
import io.waybill.web.view.KillSwitchView;
import io.waybill.web.view.OrderView;
import java.util.List;

/** What needs a second person, and what stops all writing. */
final class GoverningEndpoints {
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 500;
  private final Listings listings;
  private final OrderLog orders;

  GoverningEndpoints(Listings listings, OrderLog orders) {
    this.listings = listings;
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
            request ->
                new ApprovalView.Listing(
                    listings.approvals(request.number("limit", PAGE, LONGEST_PAGE)).stream()
                        .map(ApprovalView::of)
                        .toList()))
        .with(Param.number("limit", "at most so many"));
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
        "Kill switches that are on by order",
        KillSwitchView.Listing.class,
        Need.PAPERS,
        request ->
            new KillSwitchView.Listing(
                listings.killSwitches().stream().map(KillSwitchView::of).toList()));
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
              Order order =
                  new Order.KillSwitch(
                      request.path("name"), request.body(OrderView.KillSwitch.class).on());
              return orders.order(
                  "kill switch", request.caller(), by -> orders.carryOut(order, by));
            })
        .with(Param.path("name", "of an environment of the policy, or of a flow"));
  }
}
