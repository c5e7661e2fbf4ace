package io.waybill.app;

import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import java.util.Optional;

/** Asks for what a statement of a route needs a second person for. Thread-safe. */
interface StatementApprovals {
  /** Where nobody can be asked. */
  StatementApprovals NONE =
      (flow, digest, summary, environment, line) ->
          Optional.of(new Decision(false, line, summary + " needs an approval", "ask for one"));

  /**
   * Whether a statement may not be asked yet; asks for an approval if nobody did.
   *
   * @param digest identifies the statement
   * @param summary what it does, in words
   * @param environment the one that asks for it
   * @param line line of the policy that does
   * @return why not; empty if it was approved
   */
  Optional<Decision> objection(
      String flow, String digest, String summary, Environment environment, String line);
}
