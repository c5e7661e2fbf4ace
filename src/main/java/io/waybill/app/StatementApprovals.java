package io.waybill.app;

import io.waybill.control.Caller;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import io.waybill.policy.Identity;
import java.util.Optional;

/** Asks for what a statement needs a second person for. Thread-safe. */
interface StatementApprovals {
  /** Where nobody can be asked. */
  StatementApprovals NONE =
      (asker, digest, summary, environment, line) ->
          Optional.of(new Decision(false, line, summary + " needs an approval", "ask for one"));

  /**
   * Who asks a statement.
   *
   * @param flow route id; empty for a person
   * @param name as ledger and trail name it
   */
  record Asker(String flow, String name) {
    static Asker flow(String flow) {
      return new Asker(flow, "flow " + flow);
    }

    static Asker person(Identity who) {
      return new Asker("", Caller.signature(who));
    }
  }

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
      Asker asker, String digest, String summary, Environment environment, String line);
}
