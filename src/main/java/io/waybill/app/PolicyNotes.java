package io.waybill.app;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.waybill.ledger.PolicyBook;
import io.waybill.ledger.PolicyFileRow;
import io.waybill.policy.Decision;
import io.waybill.policy.Policy;
import java.util.List;

/** Writes down which policy holds, and what was refused. Thread-safe. */
final class PolicyNotes {
  private static final int CONTEXT = 1;
  private static final int LONGEST = 8_000;
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
          new PolicyBook.Version(
              policies.file().toString(), policy.hash(), policy.text(), owner()),
          diff(before, policy.text()));
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

  /** What changed, as people read it; a policy holds no secret. */
  static String diff(String before, String after) {
    List<String> old = before.lines().toList();
    List<String> lines =
        UnifiedDiffUtils.generateUnifiedDiff(
            Decision.FILE,
            Decision.FILE,
            old,
            DiffUtils.diff(old, after.lines().toList()),
            CONTEXT);
    String text = String.join("\n", lines);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "\n...";
  }
}
