package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.delivery.RunState;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.RunNotFoundException;
import io.waybill.ledger.RunRow;
import io.waybill.ledger.RunSelection;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.BatchView;
import io.waybill.web.view.LetterView;
import io.waybill.web.view.LineageView;
import io.waybill.web.view.RunView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be read of runs, and where rows came from. */
final class RunEndpoints {
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 500;
  private static final int MOST_BATCHES = 2000;
  private static final int MOST_LETTERS = 200;

  /** How many runs are looked at for a page of those that are seen. */
  private static final int MOST_LOOKED_AT = 20_000;

  private final Listings listings;
  private final Permit permit;
  private final Tables tables;

  RunEndpoints(Listings listings, Permit permit, Tables tables) {
    this.listings = listings;
    this.permit = permit;
    this.tables = tables;
  }

  List<Endpoint> all() {
    return List.of(runs(), run(), lineage());
  }

  private Endpoint runs() {
    return Endpoint.get(
            "/runs",
            "runs",
            "Runs, the newest first",
            RunView.Listing.class,
            Need.NOTHING,
            this::page)
        .with(
            Param.text("flow", "of this flow"),
            Param.text("state", "in one of these states, with commas between"),
            Param.time("since", "begun since then"),
            Param.text("text", "with this in their id, flow, location or reason"),
            Param.text("cursor", "what the page before gave as next"),
            Param.number("limit", "at most so many"));
  }

  private Endpoint run() {
    return Endpoint.get(
            "/runs/{run}",
            "run",
            "A run with its batches and dead letters",
            RunView.Details.class,
            Need.toSee(tables::ofRun),
            request -> details(request.path("run")))
        .with(Param.path("run", "id of a run, or the beginning of one"));
  }

  private Endpoint lineage() {
    return Endpoint.get(
            "/lineage",
            "lineage",
            "Where rows came from, by a batch id or the value of their _waybill_batch",
            LineageView.class,
            Need.toSee(tables::ofBatch),
            this::lineage)
        .with(Param.text("batch", "batch id, or token"));
  }

  private RunView.Listing page(Request request) {
    int limit = request.number("limit", PAGE, LONGEST_PAGE);
    Optional<String> cursor = request.text("cursor").map(RunEndpoints::uncovered);
    Sight sight = permit.sight(request.caller());
    List<RunRow> page = new ArrayList<>();
    Optional<String> next = cursor;
    boolean more = true;
    for (int looked = 0; more && page.size() < limit && looked < MOST_LOOKED_AT; ) {
      // one more than the page can take tells whether there is another
      int ask = sight.isAll() ? limit + 1 : LONGEST_PAGE + 1;
      List<RunRow> found = listings.runs(selection(request, next), ask);
      more = false;
      for (RunRow run : found.subList(0, Math.min(found.size(), ask - 1))) {
        if (page.size() == limit) {
          more = true;
          break;
        }
        next = Optional.of(run.id());
        if (sight.of(run.target())) {
          page.add(run);
        }
      }
      more |= found.size() == ask;
      looked += found.size();
    }
    return new RunView.Listing(
        page.stream().map(RunView::of).toList(),
        more ? next.map(RunEndpoints::covered).orElse(null) : null);
  }

  private static RunSelection selection(Request request, Optional<String> before) {
    return new RunSelection(
        request.text("flow"),
        request.text("state").map(RunEndpoints::states).orElse(Set.of()),
        request.time("since"),
        request.text("text"),
        before);
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
