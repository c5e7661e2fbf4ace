package io.waybill.app;

import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.delivery.Cancellations;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.RunState;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RunNotFoundException;
import io.waybill.ledger.RunRow;
import io.waybill.ledger.TriggerBook;
import java.time.Clock;
import java.util.function.Supplier;

/** Stops runs for good, and lets people say what became of one. Thread-safe. */
final class RunDesk {
  private static final String PARTITION = "kafka:";
  private final Supplier<LedgerReader> readers;
  private final TriggerBook book;
  private final Cancellations cancellations;
  private final Clock clock;

  RunDesk(
      Supplier<LedgerReader> readers, TriggerBook book, Cancellations cancellations, Clock clock) {
    this.readers = readers;
    this.book = book;
    this.cancellations = cancellations;
    this.clock = clock;
  }

  private RunRow run(String id) {
    try (LedgerReader reader = readers.get()) {
      return reader.run(id);
    }
  }

  Answer cancel(Order.CancelRun order, String by) {
    RunRow run;
    try {
      run = run(order.run());
    } catch (RunNotFoundException e) {
      return Answers.refused(e.getMessage());
    }
    String reason = "cancelled by " + by;
    if (run.source().startsWith(PARTITION)) {
      return Answers.refused(
          "run %s is a stretch of a stream, and another one would begin".formatted(run.id()),
          "./waybill pause " + run.flow());
    }
    return switch (run.state()) {
      case RUNNING -> {
        cancellations.cancel(run.id(), reason);
        yield Answers.done("run " + run.id() + " stops before its next batch");
      }
      case HELD, FAILED -> {
        book.mark(run.id(), RunState.CANCELLED, reason, clock.instant());
        yield Answers.done("run %s is cancelled".formatted(run.id()));
      }
      case COMPLETED, COMPLETED_WITH_DEAD_LETTERS, CANCELLED ->
          Answers.refused("run %s is %s".formatted(run.id(), run.state().label()));
    };
  }

  Answer mark(Order.MarkRun order, String by) {
    try {
      RunState state =
          switch (order.state()) {
            case "completed" -> RunState.COMPLETED;
            case "failed" -> RunState.FAILED;
            default -> throw new IllegalArgumentException("a run is marked completed or failed");
          };
      if (order.note().isBlank()) {
        throw new IllegalArgumentException("say why: a note is kept with the run");
      }
      RunRow run = run(order.run());
      if (run.state() == RunState.RUNNING) {
        return Answers.refused("run %s runs; cancel it first".formatted(run.id()));
      }
      if (run.source().startsWith(PARTITION)) {
        return Answers.refused("run %s is a stretch of a stream".formatted(run.id()));
      }
      book.mark(run.id(), state, "marked by %s: %s".formatted(by, order.note()), clock.instant());
      return Answers.done("run %s is marked %s".formatted(run.id(), state.label()));
    } catch (IllegalArgumentException | RunNotFoundException e) {
      return Answers.refused(e.getMessage());
    } catch (LedgerException e) {
      return Answers.refused(
          e.getMessage(), "./waybill rerun " + order.run() + " settles what is in doubt");
    }
  }
}
