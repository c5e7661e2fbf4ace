package io.waybill.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Whether the flows that another waits for have come to an end anew. */
public final class UpstreamSet {
  private UpstreamSet() {}

  /**
   * One of them.
   *
   * @param isNew whether it came to an end since the other was started last
   * @param lastEnd when it did last
   */
  public record End(boolean isNew, Optional<Instant> lastEnd) {
    boolean counts(Duration within, Instant now) {
      return isNew
          && (within.isZero()
              || lastEnd.filter(end -> !end.isBefore(now.minus(within))).isPresent());
    }
  }

  /**
   * Whether the flow is to be started.
   *
   * @param all whether all have to; else one will do
   * @param within how long ago an end may be; zero for no bound
   */
  public static boolean isFull(Collection<End> ends, boolean all, Duration within, Instant now) {
    return !ends.isEmpty()
        && (all
            ? ends.stream().allMatch(end -> end.counts(within, now))
            : ends.stream().anyMatch(end -> end.counts(within, now)));
  }
}
