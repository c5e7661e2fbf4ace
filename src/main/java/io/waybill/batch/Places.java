package io.waybill.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * Finds out where in a source records lie, for people who mend them. Reads the source once more up
 * to the last of them, so it is for the few that were refused.
 */
public final class Places {
  private Places() {}

  /**
   * A place.
   *
   * @param record number of the record, from 1 without the header line
   * @param offset first byte of the record in the uncompressed source
   * @param line line that it begins in, from 1, the header line counted
   */
  public record Place(long record, long offset, long line) {}

  /**
   * The places of some records of a range.
   *
   * @param range range of a batch that was cut from this source
   * @param records their numbers in the source
   * @throws SourceFormatException if the source does not have that range any more
   */
  public static List<Place> of(
      BatchSource source, Format format, Position range, SortedSet<Long> records)
      throws IOException {
    List<Long> offsets = new ArrayList<>();
    try (Cutter cutter = Cutter.open(source, format, everything(), new SegmentPool(0))) {
      cutter.offsets(range, records, offsets::add);
    }
    if (offsets.size() != records.size()) {
      throw SourceFormatException.at(
          source.location(), range.from(), "the source changed while it was read");
    }
    return withLines(source, records, offsets);
  }

  private static List<Place> withLines(
      BatchSource source, SortedSet<Long> records, List<Long> offsets) throws IOException {
    List<Place> places = new ArrayList<>();
    try (InputStream stored = source.open();
        InputStream plain = Unpacking.of(new StoredInput(stored), source.location())) {
      LineCounter counter = new LineCounter(plain);
      int next = 0;
      for (long record : records) {
        long offset = offsets.get(next++);
        places.add(new Place(record, offset, counter.lineAt(offset)));
      }
    }
    return places;
  }

  private static CutLimits everything() {
    return new CutLimits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Counts line ends on the way forward. */
  private static final class LineCounter {
    private final InputStream in;
    private final byte[] buffer = new byte[Window.SIZE];
    private long at;
    private long line = 1;

    LineCounter(InputStream in) {
      this.in = in;
    }

    long lineAt(long offset) throws IOException {
      while (at < offset) {
        int got = in.read(buffer, 0, (int) Math.min(buffer.length, offset - at));
        if (got < 0) {
          throw new EOFException("the source became shorter while it was read");
        }
        for (int i = 0; i < got; i++) {
          line += buffer[i] == '\n' ? 1 : 0;
        }
        at += got;
      }
      return line;
    }
  }
}
