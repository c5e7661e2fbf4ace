package io.waybill.schedule;

import java.time.Duration;
import java.util.Optional;

/**
 * How a flow is to be started; the settings {@code waybill.flows.NAME}.
 *
 * @param cron when it is due; empty for no schedule
 * @param jitter by how much starts are spread
 * @param catchUp what becomes of due times at which nothing was serving
 * @param concurrency what becomes of a due time while the one before runs
 * @param timeout how long a trigger may run; zero for no bound
 * @param deadline how long after its due time a trigger has to be complete; zero for no bound
 */
public record FlowPlan(
    Optional<Cron> cron,
    Duration jitter,
    CatchUp catchUp,
    Concurrency concurrency,
    Duration timeout,
    Duration deadline) {

  /** Of a flow of which nothing is said. */
  public static final FlowPlan NONE =
      new FlowPlan(
          Optional.empty(),
          Duration.ZERO,
          CatchUp.NONE,
          Concurrency.SKIP,
          Duration.ZERO,
          Duration.ZERO);

  /** By how much the start for a due time is put off: always the same for the same one. */
  public Duration delay(String flow, long dueEpochSecond) {
    if (jitter.isZero()) {
      return Duration.ZERO;
    }
    long hash = (flow + '@' + dueEpochSecond).hashCode() * 0x9E3779B97F4A7C15L;
    return Duration.ofMillis(Math.floorMod(hash, Math.max(1, jitter.toMillis())));
  }
}
