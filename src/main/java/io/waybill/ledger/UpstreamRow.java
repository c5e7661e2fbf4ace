package io.waybill.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One flow that another waits for.
 *
 * @param flow the one that waits
 * @param upstream the one that it waits for
 * @param anyEnd whether any end counts; else only a complete one
 * @param all whether all upstreams are waited for; else one will do
 * @param within how old the end may be; zero for no bound
 * @param seen up to which end the flow has been started
 * @param ends how many ends there were of the kind that counts
 * @param lastEnd when the last one of these was, if there was one
 * @param state state of the last end, of whatever kind; empty if there was none
 * @param cause run or trigger of that end; empty if there was none
 */
public record UpstreamRow(
    String flow,
    String upstream,
    boolean anyEnd,
    boolean all,
    Duration within,
    long seen,
    long ends,
    Optional<Instant> lastEnd,
    String state,
    String cause) {

  /** Whether this state of an end is one that nothing arrived in. */
  public static boolean isTrouble(String state) {
    return !state.isEmpty()
        && !state.equals(TriggerState.COMPLETED.label())
        && !state.equals(TriggerState.COMPLETED_WITH_DEAD_LETTERS.label());
  }

  /** Whether there was an end since the flow was started last. */
  public boolean isNew() {
    return ends > seen;
  }
}
