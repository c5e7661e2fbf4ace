package io.waybill.audit;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Numbers of events that were not there when it was their turn. Not thread-safe. */
final class Gaps {
  private final NavigableMap<Long, Long> ranges = new TreeMap<>();
  private long excused;

  /** A line that is no event may be this one; its absence is told already. */
  void excuse(long seq) {
    excused = seq;
  }

  /** Events are missing, both inclusive. */
  void add(long from, long to, long after) {
    long begin = from == excused && after < from ? from + 1 : from;
    if (begin <= to) {
      ranges.put(begin, to);
    }
  }

  /** An event comes late; empty if it was not missing, else the end of its range. */
  Optional<Long> fill(long seq) {
    Map.Entry<Long, Long> range = ranges.floorEntry(seq);
    if (range == null || range.getValue() < seq) {
      return Optional.empty();
    }
    ranges.remove(range.getKey());
    if (range.getKey() < seq) {
      ranges.put(range.getKey(), seq - 1);
    }
    if (seq < range.getValue()) {
      ranges.put(seq + 1, range.getValue());
    }
    return Optional.of(range.getValue());
  }

  /** Takes a range, both ends inclusive. */
  @FunctionalInterface
  interface Range {
    void take(long from, long to);
  }

  void each(Range hears) {
    ranges.forEach((from, to) -> hears.take(from, to));
  }
}
