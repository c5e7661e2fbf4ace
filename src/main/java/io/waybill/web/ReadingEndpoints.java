package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Serving;
import io.waybill.control.Serving.Pulse;
import io.waybill.delivery.RunState;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.DeadLetterGroup;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.RouteFileRow;
import io.waybill.ledger.RunNotFoundException;
import io.waybill.ledger.RunRow;
import io.waybill.ledger.RunSelection;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.BatchView;
import io.waybill.web.view.FlowView;
import io.waybill.web.view.HoldView;
import io.waybill.web.view.LetterView;
import io.waybill.web.view.LineageView;
import io.waybill.web.view.RunView;
import io.waybill.web.view.SiteView;
import io.waybill.web.view.StatusView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be read of flows, runs and the process. */
final class ReadingEndpoints {
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 500;
  private static final int MOST_BATCHES = 2000;
  private static final int MOST_LETTERS = 200;
  private static final Param FLOW = Param.path("flow", "name of a flow");
  private static final Param LIMIT = Param.number("limit", "at most so many");
  private final Listings listings;
  private final Serving serving;

  ReadingEndpoints(Listings listings, Serving serving) {
    this.listings = listings;
    this.serving = serving;
  }

  List<Endpoint> all() {
    List<Endpoint> all = new ArrayList<>();
    all.add(
        Endpoint.get("/status", "status", "How it stands", StatusView.class, request -> status()));
    all.add(
        Endpoint.get(
            "/throughput",
            "throughput",
            "What was delivered in the last 30 minutes, in slices of 10 seconds",
            StatusView.Throughput.class,
            request ->
                new StatusView.Throughput(
                    serving.throughput().stream().map(StatusView.Slice::of).toList())));
    all.add(
        Endpoint.get("/flows", "flows", "All flows", FlowView.Listing.class, request -> flows()));
    all.add(
        Endpoint.get("/flows/{flow}", "flow", "A flow", FlowView.class, r -> flow(r.path("flow")))
            .with(FLOW));
    all.add(
        Endpoint.get(
                "/flows/{flow}/batches",
                "flowBatches",
                "The batches of a flow that were settled last",
                BatchView.Points.class,
                this::points)
            .with(FLOW, LIMIT));
    all.add(runs());
    all.add(
        Endpoint.get(
                "/runs/{run}",
                "run",
                "A run with its batches and dead letters",
                RunView.Details.class,
                request -> details(request.path("run")))
            .with(Param.path("run", "id of a run, or the beginning of one")));
    all.add(
        Endpoint.get(
                "/lineage",
                "lineage",
                "Where rows came from, by a batch id or the value of their _waybill_batch",
                LineageView.class,
                this::lineage)
            .with(Param.text("batch", "batch id, or token")));
    all.addAll(site());
    return all;
  }

  private Endpoint runs() {
    return Endpoint.get(
            "/runs", "runs", "Runs, the newest first", RunView.Listing.class, this::runPage)
        .with(
            Param.text("flow", "of this flow"),
            Param.text("state", "in one of these states, with commas between"),
            Param.time("since", "begun since then"),
            Param.text("text", "with this in their id, flow, location or reason"),
            Param.text("cursor", "what the page before gave as next"),
            LIMIT);
  }

  private List<Endpoint> site() {
    return List.of(
        Endpoint.get(
            "/checks",
            "checks",
            "Flows that wait, and route files that are not loaded",
            SiteView.Checks.class,
            request -> new SiteView.Checks(holds(pulse()), problems())),
        Endpoint.get(
            "/connections",
            "connections",
            "Connections and until when their credentials are good; never a password",
            SiteView.Connections.class,
            request ->
                new SiteView.Connections(
                    serving.connections().stream().map(SiteView.Connection::of).toList())),
        Endpoint.get(
            "/configuration",
            "configuration",
            "All settings in force, secrets masked",
            SiteView.Configuration.class,
            request ->
                new SiteView.Configuration(
                    serving.settings().stream().map(SiteView.Setting::of).toList())));
  }

  private Pulse pulse() {
    return serving.pulse(0);
  }

  private static List<HoldView> holds(Pulse pulse) {
    return pulse.holds().stream().map(HoldView::of).toList();
  }

  private List<String> problems() {
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

  private StatusView status() {
    Pulse pulse = pulse();
    int running =
        (int) pulse.runs().stream().filter(run -> run.state() == RunState.RUNNING).count();
    long letters =
        listings.deadLetterGroups(DeadLetterSelection.WAITING).stream()
            .mapToLong(DeadLetterGroup::count)
            .sum();
    int flows = (int) listings.flows().stream().filter(FlowRow::loaded).count();
    return StatusView.of(
        serving.facts(),
        new StatusView.Counts(flows, running, letters, listings.auditPending()),
        holds(pulse),
        problems());
  }

  private FlowView.Listing flows() {
    List<Serving.Source> sources = serving.sources();
    return new FlowView.Listing(
        listings.flows().stream().map(flow -> FlowView.of(flow, source(sources, flow))).toList());
  }

  private static Optional<Serving.Source> source(List<Serving.Source> sources, FlowRow flow) {
    return sources.stream().filter(each -> each.flow().equals(flow.name())).findFirst();
  }

  private FlowView flow(String name) {
    return flows().flows().stream()
        .filter(flow -> flow.flow().equals(name))
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
                Optional.of(request.path("flow")), request.number("limit", 200, LONGEST_PAGE))
            .stream()
            .map(BatchView.Point::of)
            .toList());
  }

  private RunView.Listing runPage(Request request) {
    int limit = request.number("limit", PAGE, LONGEST_PAGE);
    RunSelection selection =
        new RunSelection(
            request.text("flow"),
            request.text("state").map(ReadingEndpoints::states).orElse(Set.of()),
            request.time("since"),
            request.text("text"),
            request.text("cursor").map(ReadingEndpoints::uncovered));
    List<RunRow> runs = listings.runs(selection, limit + 1);
    boolean more = runs.size() > limit;
    List<RunRow> page = more ? runs.subList(0, limit) : runs;
    return new RunView.Listing(
        page.stream().map(RunView::of).toList(), more ? covered(page.get(limit - 1).id()) : null);
  }

  private static Set<RunState> states(String text) {
    try {
      return Arrays.stream(text.split(",")).map(RunState::of).collect(Collectors.toSet());
    } catch (IllegalArgumentException e) {
      throw Request.bad("state is none of " + labels());
    }
  }

  private static String labels() {
    return Arrays.stream(RunState.values()).map(RunState::label).collect(Collectors.joining(", "));
  }

  /** Opaque, so that nobody builds on what it is made of. */
  private static String covered(String id) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(id.getBytes(StandardCharsets.UTF_8));
  }

  private static String uncovered(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Request.bad("cursor is none that a page gave");
    }
  }

  private RunView.Details details(String id) {
    try {
      RunRow run = listings.run(id);
      List<BatchRow> batches = listings.batches(run.id());
      return new RunView.Details(
          RunView.of(run),
          batches.stream().limit(MOST_BATCHES).map(BatchView::of).toList(),
          batches.size(),
          listings.deadLetters(run.id()).stream().limit(MOST_LETTERS).map(LetterView::of).toList());
    } catch (RunNotFoundException e) {
      throw new ProblemException(Kind.NOT_FOUND, e.getMessage(), "see /api/v1/runs");
    }
  }

  private LineageView lineage(Request request) {
    String batch =
        request.text("batch").orElseThrow(() -> Request.bad("batch is not given")).strip();
    return listings
        .lineage(batch)
        .map(LineageView::of)
        .orElseThrow(
            () ->
                new ProblemException(
                    Kind.NOT_FOUND,
                    "the ledger knows no batch of this id or token",
                    "if it is older than waybill.ledger.keep, look into waybill.audit"));
  }
}
