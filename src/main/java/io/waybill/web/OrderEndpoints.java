package io.waybill.web;

import io.waybill.control.Order;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.OrderView;
import java.util.List;

/** What can be ordered of runs and flows, and what came of it. */
final class OrderEndpoints {
  private static final Param RUN = Param.path("run", "id of a run, or the beginning of one");
  private final OrderLog orders;
  private final Permit permit;
  private final Tables tables;

  OrderEndpoints(OrderLog orders, Permit permit, Tables tables) {
    this.orders = orders;
    this.permit = permit;
    this.tables = tables;
  }

  List<Endpoint> all() {
    return List.of(rerun(), reconcile(), order());
  }

  private Endpoint rerun() {
    return Endpoint.post(
            "/runs/{run}/rerun",
            "rerun",
            "Lets a run go on at its checkpoint",
            OrderView.Rerun.class,
            OrderView.class,
            Need.toOperate(tables::ofRun),
            request -> {
              OrderView.Rerun body = request.body(OrderView.Rerun.class);
              return carryOut(
                  request,
                  "rerun",
                  new Order.Rerun(request.path("run"), body.again(), body.abandon()));
            })
        .with(RUN);
  }

  private Endpoint reconcile() {
    return Endpoint.post(
            "/runs/{run}/reconcile",
            "reconcile",
            "Compares what the ledger says of a run with the table",
            OrderView.Reconcile.class,
            OrderView.class,
            Need.toOperate(tables::ofRun),
            request ->
                carryOut(
                    request,
                    "reconcile",
                    new Order.Reconcile(
                        request.path("run"), request.body(OrderView.Reconcile.class).send())))
        .with(RUN);
  }

  private OrderView carryOut(Request request, String what, Order order) {
    return orders.order(what, request.caller(), by -> orders.carryOut(order, by));
  }

  private Endpoint order() {
    return Endpoint.get(
            "/orders/{order}",
            "order",
            "What came of an order",
            OrderView.class,
            Need.NOTHING,
            request ->
                orders
                    .of(
                        request.path("order"),
                        request.caller(),
                        permit.sight(request.caller()).isAll())
                    .orElseThrow(
                        () ->
                            new ProblemException(
                                Kind.NOT_FOUND,
                                "this process knows no such order",
                                "its outcome is in the runs and dead letters that it was about")))
        .with(Param.path("order", "its number"));
  }
}
