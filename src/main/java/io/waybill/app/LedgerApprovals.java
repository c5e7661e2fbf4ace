package io.waybill.app;

import io.waybill.ledger.ApprovalBook;
import io.waybill.ledger.ApprovalRow;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Asks for approvals of statements in the ledger. Thread-safe. */
record LedgerApprovals(ApprovalBook book, Clock clock) implements StatementApprovals {

  @Override
  public Optional<Decision> objection(
      Asker asker, String digest, String summary, Environment environment, String line) {
    Instant now = clock.instant();
    Optional<ApprovalRow> asked = book.ofStatement(asker.flow(), asker.name(), digest, now);
    if (asked.isEmpty() || isOver(asked.get(), now)) {
      long number = ask(asker, digest, summary, environment, line, now);
      return Optional.of(waits(number, summary, environment, line));
    }
    return switch (asked.get().decision().state()) {
      case APPROVED -> Optional.empty();
      case WAITING, EXPIRED -> Optional.of(waits(asked.get().number(), summary, environment, line));
      case REJECTED ->
          Optional.of(
              new Decision(
                  false,
                  line,
                  "%s was rejected by %s (approval %d)"
                      .formatted(summary, asked.get().decision().by(), asked.get().number()),
                  asker.flow().isEmpty()
                      ? "it may be asked for again from %s on".formatted(asked.get().expires())
                      : "take the statement out of the route"));
    };
  }

  /** What was approved may be done until then, what was rejected may be asked for again then. */
  private static boolean isOver(ApprovalRow row, Instant now) {
    return !now.isBefore(row.expires());
  }

  private long ask(
      Asker asker,
      String digest,
      String summary,
      Environment environment,
      String line,
      Instant now) {
    return book.ask(
        new ApprovalRow(
            0,
            ApprovalRow.STATEMENT,
            asker.flow(),
            environment.name(),
            line,
            digest,
            "a statement of %s: %s".formatted(asker.name(), summary),
            asker.name(),
            now,
            now.plus(environment.approvalExpiry()),
            ApprovalRow.Decision.NONE));
  }

  private static Decision waits(long number, String summary, Environment environment, String line) {
    return new Decision(
        false,
        line,
        "%s in %s needs an approval, number %d".formatted(summary, environment.name(), number),
        "./waybill approvals approve " + number);
  }
}
