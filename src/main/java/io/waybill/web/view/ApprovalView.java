package io.waybill.web.view;

import io.waybill.ledger.ApprovalRow;
import java.time.Instant;
import java.util.List;

/** What needs a second person. */
public record ApprovalView(
    @About("its number") long approval,
    @About("waiting, approved, rejected or expired") String state,
    @About("what is wanted, as the policy calls it") String action,
    @About("the flow") String flow,
    @About("environment that asks for it") String environment,
    @About("line of the policy that asks for it") String rule,
    @About("what is wanted, in words") String summary,
    @About("who wants it") String by,
    @About(value = "since when", time = true) String since,
    @About(value = "when it is too late", time = true) String expiresAt,
    @About("who decided; empty if nobody did") String decidedBy,
    @About(value = "when", maybe = true, time = true) String decidedAt) {

  public static ApprovalView of(ApprovalRow row, Instant now) {
    return new ApprovalView(
        row.number(),
        row.state(now).label(),
        row.action(),
        row.flow(),
        row.environment(),
        row.rule(),
        row.summary(),
        row.by(),
        Times.of(row.at()),
        Times.of(row.expires()),
        row.decision().by(),
        Times.of(row.decision().at()));
  }

  /** All of them. */
  public record Listing(@About("the newest first") List<ApprovalView> approvals) {
    public Listing {
      approvals = List.copyOf(approvals);
    }
  }
}
