package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Serving;
import io.waybill.ledger.FlowRow;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.BatchView;
import io.waybill.web.view.FlowView;
import io.waybill.web.view.StatusView;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What can be read of flows. */
final class FlowEndpoints {
  private static final int PAGE = 200;
  private static final int LONGEST_PAGE = 500;
  private static final Param FLOW = Param.path("flow", "name of a flow");
  private final Listings listings;
  private final Serving serving;
  private final Permit permit;
  private final Tables tables;

  FlowEndpoints(Desk desk, Permit permit, Tables tables) {
    this.listings = desk.listings();
    this.serving = desk.serving();
    this.permit = permit;
    this.tables = tables;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
            "/throughput",
            "throughput",
            "What was delivered in the last 30 minutes, in slices of 10 seconds",
            StatusView.Throughput.class,
            Need.NOTHING,
            this::throughput),
        Endpoint.get(
            "/flows",
            "flows",
            "All flows",
            FlowView.Listing.class,
            Need.NOTHING,
            request -> flows(permit.sight(request.caller())::of)),
        Endpoint.get(
                "/flows/{flow}",
                "flow",
                "A flow",
                FlowView.class,
                Need.toSee(tables::ofFlow),
                request -> flow(request.path("flow")))
            .with(FLOW),
        Endpoint.get(
                "/flows/{flow}/batches",
                "flowBatches",
                "The batches of a flow that were settled last",
                BatchView.Points.class,
                Need.toSee(tables::ofFlow),
                this::points)
            .with(FLOW, Param.number("limit", "at most so many")));
  }

  private StatusView.Throughput throughput(Request request) {
    Sight sight = permit.sight(request.caller());
    return new StatusView.Throughput(
        serving.throughput().stream()
            .filter(slice -> sight.ofFlow(slice.flow()))
            .map(StatusView.Slice::of)
            .toList());
  }

  private FlowView.Listing flows(Predicate<FlowRow> which) {
    List<Serving.Source> sources = serving.sources();
    Stops stops = Stops.now(listings, permit.permissions());
    return new FlowView.Listing(
        listings.flows().stream()
            .filter(which)
            .map(flow -> FlowView.of(flow, source(sources, flow), stops.of(flow)))
            .toList());
  }

  private static Optional<Serving.Source> source(List<Serving.Source> sources, FlowRow flow) {
    return sources.stream().filter(each -> each.flow().equals(flow.name())).findFirst();
  }

  private FlowView flow(String name) {
    return flows(row -> row.name().equals(name)).flows().stream()
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    Kind.NOT_FOUND, "there is no flow of this name", "see /api/v1/flows"));
  }

  private BatchView.Points points(Request request) {
    return new BatchView.Points(
        listings
            .latestBatches(
                Optional.of(request.path("flow")), request.number("limit", PAGE, LONGEST_PAGE))
            .stream()
            .map(BatchView.Point::of)
            .toList());
  }
}
