package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Order;
import io.waybill.ledger.TriggerRow;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.OrderView;
import io.waybill.web.view.RunView;
import io.waybill.web.view.TriggerView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** When flows were started, and starting, stopping and pausing them. */
final class TriggerEndpoints {
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 500;
  private static final int MOST_PARTS = 1000;
  private static final Param FLOW = Param.path("flow", "name of a flow");
  private static final Param TRIGGER =
      Param.path("trigger", "id of a trigger, or the beginning of one");
  private static final Param RUN = Param.path("run", "id of a run, or the beginning of one");
  private final Listings listings;
  private final OrderLog orders;
  private final Permit permit;
  private final Tables tables;

  TriggerEndpoints(Listings listings, OrderLog orders, Permit permit, Tables tables) {
    this.permit = permit;
    this.tables = tables;
    this.listings = listings;
    this.orders = orders;
  }

  List<Endpoint> all() {
    return List.of(
        triggers(),
        trigger(),
        start(),
        backfill(),
        pause(),
        resume(),
        cancel(),
        cancelRun(),
        mark());
  }

  private Endpoint triggers() {
    return Endpoint.get(
            "/triggers",
            "triggers",
            "When flows were started, the newest first",
            TriggerView.Listing.class,
            Need.NOTHING,
            request -> new TriggerView.Listing(seen(request).map(TriggerView::of).toList()))
        .with(Param.text("flow", "of this flow"), Param.number("limit", "at most so many"));
  }

  private Stream<TriggerRow> seen(Request request) {
    int limit = request.number("limit", PAGE, LONGEST_PAGE);
    Optional<String> flow = request.text("flow");
    Sight sight = permit.sight(request.caller());
    if (sight.isAll()) {
      return listings.triggers(flow, limit).stream();
    }
    // of each flow that is seen, so that those of others take no place in the listing
    return listings.flows().stream()
        .filter(row -> sight.of(row) && flow.map(row.name()::equals).orElse(true))
        .flatMap(row -> listings.triggers(Optional.of(row.name()), limit).stream())
        .sorted(Comparator.comparing(TriggerRow::id).reversed())
        .limit(limit);
  }

  private Endpoint trigger() {
    return Endpoint.get(
            "/triggers/{trigger}",
            "trigger",
            "A trigger with its runs and parts",
            TriggerView.Details.class,
            Need.toSee(tables::ofTrigger),
            request -> details(request.path("trigger")))
        .with(TRIGGER);
  }

  private TriggerView.Details details(String id) {
    TriggerRow trigger =
        listings
            .trigger(id)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Kind.NOT_FOUND,
                        "there is no trigger of this id, or more than one",
                        "see /api/v1/triggers"));
    return new TriggerView.Details(
        TriggerView.of(trigger),
        listings.runsOf(trigger.id()).stream().map(RunView::of).toList(),
        listings.childrenOf(trigger.id()).stream().limit(MOST_PARTS).map(TriggerView::of).toList());
  }

  private Endpoint start() {
    return Endpoint.post(
            "/flows/{flow}/trigger",
            "triggerFlow",
            "Starts a flow",
            OrderView.Trigger.class,
            OrderView.class,
            Need.toOperate(tables::ofFlow),
            request -> {
              OrderView.Trigger body = request.body(OrderView.Trigger.class);
              return carryOut(
                  request,
                  "trigger",
                  new Order.Trigger(
                      request.path("flow"),
                      given(body.parameters()),
                      Optional.ofNullable(body.due()).orElse("")));
            })
        .with(FLOW);
  }

  private Endpoint backfill() {
    return Endpoint.post(
            "/flows/{flow}/backfill",
            "backfill",
            "Starts a flow once for each date of a range",
            OrderView.Backfill.class,
            OrderView.class,
            Need.toOperate(tables::ofFlow),
            request -> {
              OrderView.Backfill body = request.body(OrderView.Backfill.class);
              return carryOut(
                  request,
                  "backfill",
                  new Order.Backfill(
                      request.path("flow"),
                      body.from(),
                      body.to(),
                      Optional.ofNullable(body.every()).orElse("1d"),
                      Math.max(1, body.parallel()),
                      given(body.parameters())));
            })
        .with(FLOW);
  }

  private static Map<String, String> given(Map<String, String> parameters) {
    return Optional.ofNullable(parameters).orElse(Map.of());
  }

  private Endpoint pause() {
    return Endpoint.post(
            "/flows/{flow}/pause",
            "pause",
            "Lets a flow rest until somebody resumes it",
            OrderView.Nothing.class,
            OrderView.class,
            Need.toOperate(tables::ofFlow),
            request -> carryOut(request, "pause", new Order.Pause(request.path("flow"))))
        .with(FLOW);
  }

  private Endpoint resume() {
    return Endpoint.post(
            "/flows/{flow}/resume",
            "resume",
            "Lets a flow go on that rests",
            OrderView.Nothing.class,
            OrderView.class,
            Need.toOperate(tables::ofFlow),
            request -> carryOut(request, "resume", new Order.Resume(request.path("flow"))))
        .with(FLOW);
  }

  private Endpoint cancel() {
    return Endpoint.post(
            "/triggers/{trigger}/cancel",
            "cancelTrigger",
            "Takes a trigger back, or stops what runs of it",
            OrderView.Nothing.class,
            OrderView.class,
            Need.toOperate(tables::ofTrigger),
            request ->
                carryOut(
                    request, "cancel trigger", new Order.CancelTrigger(request.path("trigger"))))
        .with(TRIGGER);
  }

  private Endpoint cancelRun() {
    return Endpoint.post(
            "/runs/{run}/cancel",
            "cancelRun",
            "Stops a run for good; what arrived stays",
            OrderView.Nothing.class,
            OrderView.class,
            Need.toOperate(tables::ofRun),
            request -> carryOut(request, "cancel run", new Order.CancelRun(request.path("run"))))
        .with(RUN);
  }

  private Endpoint mark() {
    return Endpoint.post(
            "/runs/{run}/mark",
            "markRun",
            "Takes a run that nobody runs for completed or failed",
            OrderView.Mark.class,
            OrderView.class,
            Need.toOperate(tables::ofRun),
            request -> {
              OrderView.Mark body = request.body(OrderView.Mark.class);
              return carryOut(
                  request,
                  "mark run",
                  new Order.MarkRun(request.path("run"), body.state(), body.note()));
            })
        .with(RUN);
  }

  private OrderView carryOut(Request request, String what, Order order) {
    return orders.order(what, request.caller(), by -> orders.carryOut(order, by));
  }
}
