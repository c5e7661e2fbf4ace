package io.waybill.app;

import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.RunFailedException;
import io.waybill.delivery.RunState;
import io.waybill.ledger.TriggerState;
import java.util.List;
import java.util.Optional;

/**
 * What came of a trigger.
 *
 * @param reason why; empty if all is well
 */
record TriggerOutcome(TriggerState state, String reason) {

  /** As the worst of its runs, and of what went wrong without a run. */
  static TriggerOutcome of(List<RunState> runs, Optional<Throwable> failure) {
    TriggerState worst = TriggerState.worstOf(runs);
    if (failure.isEmpty()) {
      return new TriggerOutcome(worst, worst.isComplete() ? "" : "its runs tell why");
    }
    TriggerState state =
        worst.isComplete()
            ? failure.get() instanceof HeldDeliveryException
                ? TriggerState.HELD
                : TriggerState.FAILED
            : worst;
    return new TriggerOutcome(state, words(failure.get()));
  }

  /** What others throw may show a value of a row. */
  private static String words(Throwable failure) {
    if (failure instanceof HeldDeliveryException held) {
      return held.failure().summary();
    }
    if (failure instanceof RunFailedException || failure instanceof IllegalStateException) {
      return failure.getMessage();
    }
    return "a " + failure.getClass().getName() + " in the flow's route; the log has it";
  }
}
