package io.waybill.web;

import io.waybill.audit.AuditKind;
import io.waybill.control.Listings;
import io.waybill.ledger.AuditRow;
import io.waybill.ledger.AuditSelection;
import io.waybill.ledger.AuditSelection.Cursor;
import io.waybill.web.view.AuditView;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can be read of the audit trail. */
final class AuditEndpoints {
  private static final int PAGE = 50;
  private static final int LONGEST_PAGE = 500;
  private final Listings listings;

  AuditEndpoints(Listings listings) {
    this.listings = listings;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(
                "/audit",
                "audit",
                "Events of the audit trail, the newest first",
                AuditView.Listing.class,
                Need.TRAIL,
                this::page)
            .with(
                Param.text("kind", "of these kinds, with commas between"),
                Param.text("flow", "of this flow"),
                Param.text("run", "of the run whose id begins so"),
                Param.text("by", "ordered by this person"),
                Param.text("outcome", "with this outcome"),
                Param.time("from", "from this time on"),
                Param.time("to", "before this time"),
                Param.text("cursor", "what the page before gave as next"),
                Param.number("limit", "at most so many")));
  }

  private AuditView.Listing page(Request request) {
    int limit = request.number("limit", PAGE, LONGEST_PAGE);
    AuditSelection selection =
        new AuditSelection(
            request.text("kind").map(AuditEndpoints::kinds).orElse(List.of()),
            request.text("flow"),
            request.text("run"),
            request.text("by"),
            request.text("outcome"),
            request.time("from"),
            request.time("to"),
            request.text("cursor").map(AuditEndpoints::cursor));
    List<AuditRow> rows = listings.audit(selection, limit + 1);
    boolean more = rows.size() > limit;
    List<AuditRow> page = more ? rows.subList(0, limit) : rows;
    return new AuditView.Listing(
        page.stream().map(AuditView::of).flatMap(Optional::stream).toList(),
        more ? place(page.get(limit - 1)).toString() : null);
  }

  private static Cursor place(AuditRow row) {
    return new Cursor(row.epoch(), row.seq());
  }

  private static Cursor cursor(String text) {
    try {
      return Cursor.parse(text);
    } catch (IllegalArgumentException e) {
      throw Request.bad("cursor is none that a page gave");
    }
  }

  private static List<String> kinds(String text) {
    List<String> kinds = Arrays.asList(text.split(",", -1));
    for (String kind : kinds) {
      if (AuditKind.of(kind).isEmpty()) {
        throw Request.bad("kind is none of " + AuditKind.labels());
      }
    }
    return kinds;
  }
}
