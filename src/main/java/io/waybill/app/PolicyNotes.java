package io.waybill.app;

import io.waybill.audit.UnifiedDiff;
import io.waybill.ledger.PolicyBook;
import io.waybill.ledger.PolicyFileRow;
import io.waybill.policy.Policy;

/** Writes down which policy holds, and what was refused. Thread-safe. */
final class PolicyNotes {
  private final PolicyBook book;
  private final LivePolicies policies;

  PolicyNotes(PolicyBook book, LivePolicies policies) {
    this.book = book;
    this.policies = policies;
  }

  /** Notes what holds now; what was noted before is no change. */
  void note() {
    Policy policy = policies.current();
    String before = book.noted().map(PolicyFileRow::text).orElse("");
    if (policy.isPresent() || !before.isEmpty()) {
      book.loaded(
          new PolicyBook.Version(policies.file().toString(), policy.hash(), policy.text(), owner()),
          UnifiedDiff.of(before, policy.text()));
    }
    policies
        .refused()
        .ifPresent(
            refused ->
                book.refused(
                    new PolicyBook.Version(
                        policies.file().toString(), refused.digest(), "", owner()),
                    refused.reason()));
  }

  private String owner() {
    return FileOwner.of(policies.file());
  }
}
