package io.waybill.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about the due times that have passed.
 *
 * @param start those that the flow is to be started for, the oldest first
 * @param missed the last one that it is not started for, if there is one
 * @param missedCount how many it is not started for
 * @param next the first one that has not passed; empty if there is none any more
 */
public record DueTimes(
    List<Instant> start, Optional<Instant> missed, int missedCount, Optional<Instant> next) {
  /** How late a start may be without having been missed. */
  static final Duration GRACE = Duration.ofMinutes(1);

  /** How many are made up for at most. */
  static final int MOST = 1000;

  /**
   * Decides.
   *
   * @param first the first due time that was not seen to
   */
  public static DueTimes passed(Cron cron, CatchUp catchUp, Instant first, Instant now) {
    List<Instant> late = new ArrayList<>();
    int lateCount = 0;
    List<Instant> start = new ArrayList<>();
    Optional<Instant> due = Optional.of(first);
    while (due.isPresent() && !due.get().isAfter(now)) {
      if (due.get().isBefore(now.minus(GRACE))) {
        lateCount++;
        late.add(due.get());
        if (late.size() > MOST) {
          late.remove(0);
        }
      } else {
        start.add(due.get());
      }
      due = cron.next(due.get());
    }
    int madeUp =
        switch (catchUp) {
          case NONE -> 0;
          case LAST -> start.isEmpty() ? Math.min(1, late.size()) : 0;
          case ALL -> late.size();
        };
    start.addAll(0, late.subList(late.size() - madeUp, late.size()));
    int left = late.size() - madeUp;
    return new DueTimes(
        List.copyOf(start),
        left == 0 ? Optional.empty() : Optional.of(late.get(left - 1)),
        lateCount - madeUp,
        due);
  }
}
