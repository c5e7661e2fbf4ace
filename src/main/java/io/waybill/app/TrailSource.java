package io.waybill.app;

import io.waybill.audit.ChainEntry;
import io.waybill.ledger.TrailRange;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** A copy of a ledger's trail, to be read. */
interface TrailSource {

  /**
   * A line of it.
   *
   * @param place where it stands, for people
   */
  record Line(String place, String text) {}

  /** Events that say something of the chain itself. */
  void marks(Consumer<ChainEntry> hears);

  /** All lines, in the order of the copy. */
  void all(Consumer<Line> hears);

  /** The numbers of events of a period, by epoch. */
  List<TrailRange> ranges(Instant from, Instant to);

  /** The lines of a range, by their numbers. */
  void range(TrailRange range, Consumer<Line> hears);
}
