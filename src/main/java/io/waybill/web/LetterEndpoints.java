package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.control.Order;
import io.waybill.control.Serving;
import io.waybill.ledger.DeadLetterGroup;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.LetterView;
import io.waybill.web.view.OrderView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The dead-letter desk: what was refused, and what becomes of it. */
final class LetterEndpoints {
  private static final int PAGE = 100;
  private static final int LONGEST_PAGE = 1000;
  private final Listings listings;
  private final Serving serving;
  private final OrderLog orders;
  private final Permit permit;
  private final Tables tables;

  LetterEndpoints(Desk desk, OrderLog orders, Permit permit, Tables tables) {
    this.permit = permit;
    this.tables = tables;
    this.listings = desk.listings();
    this.serving = desk.serving();
    this.orders = orders;
  }

  List<Endpoint> all() {
    return List.of(groups(), letters(), letter(), replay(), mended(), discard());
  }

  private Endpoint groups() {
    return Endpoint.get(
            "/dead-letters/groups",
            "deadLetterGroups",
            "Dead letters that wait, by reason",
            LetterView.Groups.class,
            Need.NOTHING,
            request -> new LetterView.Groups(seen(request).map(LetterView.Group::of).toList()))
        .with(filters());
  }

  private Endpoint letters() {
    Param[] filters = filters();
    Param[] params = java.util.Arrays.copyOf(filters, filters.length + 1);
    params[filters.length] = Param.number("limit", "at most so many");
    return Endpoint.get(
            "/dead-letters",
            "deadLetters",
            "Dead letters that wait",
            LetterView.Listing.class,
            Need.NOTHING,
            this::page)
        .with(params);
  }

  private static Param[] filters() {
    return new Param[] {
      Param.text("flow", "of this flow"),
      Param.text("run", "of runs whose ids begin so"),
      Param.text("error", "with this error code or name"),
      Param.text("column", "refused for this column"),
      Param.time("since", "refused since then"),
      Param.flag("settled", "those that were replayed or discarded as well")
    };
  }

  private static DeadLetterSelection selection(Request request) {
    return new DeadLetterSelection(
        List.of(),
        request.text("flow"),
        request.text("run"),
        request.text("error"),
        request.text("column"),
        request.time("since"),
        request.flag("settled"));
  }

  /** The groups of tables that the caller sees. */
  private Stream<DeadLetterGroup> seen(Request request) {
    Sight sight = permit.sight(request.caller());
    return listings.deadLetterGroups(selection(request)).stream()
        .filter(group -> sight.of(group.table()));
  }

  private LetterView.Listing page(Request request) {
    int limit = request.number("limit", PAGE, LONGEST_PAGE);
    DeadLetterSelection selection = selection(request);
    if (!permit.sight(request.caller()).isAll()) {
      List<String> visible = seen(request).map(DeadLetterGroup::table).distinct().toList();
      if (visible.isEmpty()) {
        return new LetterView.Listing(List.of(), false);
      }
      selection = selection.among(visible);
    }
    List<DeadLetterRow> found = listings.deadLetters(selection, limit + 1);
    return new LetterView.Listing(
        found.stream().limit(limit).map(LetterView::of).toList(), found.size() > limit);
  }

  private Endpoint letter() {
    return Endpoint.get(
            "/dead-letters/{deadLetter}",
            "deadLetter",
            "A dead letter with its record",
            LetterView.Content.class,
            Need.toRead(tables::ofLetter),
            this::content)
        .with(Param.path("deadLetter", "id of a dead letter"));
  }

  private LetterView.Content content(Request request) throws IOException {
    DeadLetterRow letter =
        listings
            .deadLetters(DeadLetterSelection.of(List.of(request.path("deadLetter"))), 1)
            .stream()
            .findFirst()
            .orElseThrow(
                () ->
                    new ProblemException(
                        Kind.NOT_FOUND,
                        "there is no dead letter of this id",
                        "see /api/v1/dead-letters"));
    byte[] record = serving.record(letter).orElse(null);
    byte[] header = record == null ? new byte[0] : serving.header(letter);
    return LetterView.Content.of(letter, header, record);
  }

  private Endpoint replay() {
    return Endpoint.post(
        "/dead-letters/replay",
        "replay",
        "Sends dead letters again as they are",
        OrderView.Replay.class,
        OrderView.class,
        Need.toOperate(tables::ofReplay),
        request -> {
          List<String> letters = letters(request.body(OrderView.Replay.class).letters());
          return orders.order(
              "replay", request.caller(), by -> orders.carryOut(new Order.Replay(letters), by));
        });
  }

  private Endpoint mended() {
    return Endpoint.post(
        "/dead-letters/replay-mended",
        "replayMended",
        "Settles dead letters by mended records",
        OrderView.Mended.class,
        OrderView.class,
        Need.toOperate(tables::ofMended),
        request -> {
          OrderView.Mended body = request.body(OrderView.Mended.class);
          List<String> letters = letters(body.letters());
          byte[] records = body.records().getBytes(StandardCharsets.UTF_8);
          return orders.order(
              "replay mended", request.caller(), by -> serving.replayMended(letters, records, by));
        });
  }

  private Endpoint discard() {
    return Endpoint.post(
        "/dead-letters/discard",
        "discard",
        "Settles dead letters as not needed",
        OrderView.Discard.class,
        OrderView.class,
        Need.toOperate(tables::ofDiscard),
        request -> {
          OrderView.Discard body = request.body(OrderView.Discard.class);
          List<String> letters = letters(body.letters());
          if (body.reason().isBlank()) {
            throw Request.bad("reason is empty");
          }
          Order order = new Order.Discard(letters, body.reason().strip());
          return orders.order("discard", request.caller(), by -> orders.carryOut(order, by));
        });
  }

  static List<String> letters(List<String> ids) {
    if (ids.isEmpty() || ids.stream().anyMatch(Objects::isNull)) {
      throw Request.bad("letters names no dead letter");
    }
    return List.copyOf(ids);
  }
}
