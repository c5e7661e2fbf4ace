package io.waybill.delivery;

import io.waybill.batch.Records;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the records that ClickHouse refuses. Where it names the first bad one, the rest behind it
 * is tried next, so that few bad records cost one try each; where there are many, or it names none,
 * only a piece is tried at a time, so that a try costs little. Used once.
 */
final class BadRecordSearch {
  /** From so many on the distance between bad records says how much to try at a time. */
  private static final int MANY = 8;

  private static final int LEAST_PIECE = 64;
  private static final int VIOLATED_CONSTRAINT = 469;
  private final Records records;
  private final Prober prober;
  private final long most;
  private final BitSet bad = new BitSet();
  private final Map<Integer, Refusal> found = new TreeMap<>();
  private int from;
  private int to;
  private int piece;

  /**
   * A search.
   *
   * @param most how many may be found at most; the search ends with one more
   */
  BadRecordSearch(Records records, Prober prober, long most) {
    this.records = records;
    this.prober = prober;
    this.most = most;
    this.to = records.count();
    this.piece = records.count();
  }

  /**
   * Searches.
   *
   * @param first why the whole was refused
   * @return the bad records, counted from 0, with why; more than {@code most} if there are too many
   */
  Map<Integer, Refusal> find(Refusal first) {
    Optional<Refusal> refusal = Optional.of(first);
    while (from < records.count() && found.size() <= most) {
      if (refusal.isEmpty()) {
        goOn(to, 2L * piece);
      } else {
        narrow(refusal.get());
      }
      if (from < records.count() && found.size() <= most) {
        refusal = prober.probe(records, from, to, bad);
      }
    }
    return found;
  }

  BitSet bad() {
    return bad;
  }

  private void narrow(Refusal refusal) {
    int named = named(refusal.row());
    if (named >= 0) {
      add(named, refusal);
      // a constraint is checked when all rows are parsed: those before may break another one
      goOn(refusal.failure().code() == VIOLATED_CONSTRAINT ? from : named + 1, nextPiece());
      return;
    }
    int tried = to - from - bad.get(from, to).cardinality();
    if (tried == 1) {
      add(bad.nextClearBit(from), refusal);
      goOn(to, 2L * piece);
    } else {
      goOn(from, Math.max(1, (to - from) / 2));
    }
  }

  /** The record that is the so-and-so-many-th of what was tried; -1 if none can be meant. */
  private int named(long row) {
    int record = bad.nextClearBit(from);
    for (long left = row; left > 0 && record < to; left--) {
      if (left == 1) {
        return record;
      }
      record = bad.nextClearBit(record + 1);
    }
    return -1;
  }

  private void add(int record, Refusal refusal) {
    bad.set(record);
    found.put(record, refusal);
  }

  private long nextPiece() {
    return found.size() < MANY
        ? records.count()
        : Math.max(LEAST_PIECE, 2L * bad.length() / found.size());
  }

  private void goOn(int next, long size) {
    from = next;
    piece = (int) Math.min(records.count(), size);
    to = (int) Math.min(records.count(), (long) from + piece);
  }
}
