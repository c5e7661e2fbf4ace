package io.waybill.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The records of a payload, counted from 0 without the header line, as ClickHouse counts them. They
 * can be written and left out one by one; the payload itself is not copied. Immutable; usable as
 * long as the payload is not released.
 */
public final class Records {
  private static final int FIRST_CAPACITY = 1024;
  private final Payload payload;
  private final long[] ends;
  private final int count;
  private final long headerLength;

  private Records(Payload payload, long headerLength, long[] ends, int count) {
    this.payload = payload;
    this.headerLength = headerLength;
    this.ends = ends;
    this.count = count;
  }

  /** Finds the records of a payload in this format, by the rules it was cut by. */
  public static Records of(Payload payload, Format format) throws IOException {
    Dialect dialect = Dialect.of(format);
    try (Window window = new Window(payload.openStream(), false, Window.SIZE)) {
      RecordFinder finder = new RecordFinder(window, dialect, "the batch");
      long header = format.hasHeader() ? consume(window, finder) : 0;
      long[] ends = new long[FIRST_CAPACITY];
      int count = 0;
      long length = consume(window, finder);
      while (length > 0) {
        if (count == ends.length) {
          ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count++] = window.offset();
        length = consume(window, finder);
      }
      return new Records(payload, header, ends, count);
    }
  }

  private static long consume(Window window, RecordFinder finder) throws IOException {
    int ended = finder.lengthAt(0, Long.MAX_VALUE, Long.MAX_VALUE);
    int length = ended == ByteSearch.NONE ? window.available() : ended;
    window.consume(length);
    return length;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** The bytes of one record, its line end included. */
  public byte[] bytes(int record) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(length(record))];
    try (InputStream in = payload.openStream()) {
      in.skipNBytes(start(record));
      in.readNBytes(bytes, 0, bytes.length);
    }
    return bytes;
  }

  /** How many bytes a record takes, its line end included. */
  public long length(int record) {
    return ends[record] - start(record);
  }

  /** Which of them begin with these bytes. */
  public BitSet beginningWith(byte[] mark) throws IOException {
    BitSet found = new BitSet();
    try (InputStream in = payload.openStream()) {
      in.skipNBytes(headerLength);
      for (int i = 0; i < count; i++) {
        byte[] begin = in.readNBytes((int) Math.min(mark.length, length(i)));
        found.set(i, Arrays.equals(begin, mark));
        in.skipNBytes(length(i) - begin.length);
      }
    }
    return found;
  }

  /** The header line; empty for formats without. */
  public byte[] header() {
    return payload.head(Math.toIntExact(headerLength));
  }

  /**
   * Writes the header line and the records from {@code from} to {@code to}, exclusive, but for
   * those that are left out.
   */
  public void write(int from, int to, BitSet without, OutputStream out) throws IOException {
    try (InputStream in = payload.openStream()) {
      copy(in, headerLength, out);
      long at = headerLength;
      int record = from;
      while (record < to) {
        int keep = without.nextClearBit(record);
        int stop = without.nextSetBit(keep);
        int end = stop < 0 ? to : Math.min(stop, to);
        if (keep < end) {
          in.skipNBytes(start(keep) - at);
          copy(in, ends[end - 1] - start(keep), out);
          at = ends[end - 1];
        }
        record = Math.max(end, keep);
      }
    }
  }

  /**
   * The batch without these records, in memory of its own. It covers the same range of the source.
   *
   * @param of the batch that the payload belongs to
   */
  public Batch without(BitSet records, Batch of, SegmentPool pool) throws IOException {
    try (PayloadBuilder rest = new PayloadBuilder(pool)) {
      write(0, count, records, new BuilderStream(rest));
      String digest = rest.digest();
      return new Batch(of.position(), rest.build(), digest, of.tail());
    }
  }

  private long start(int record) {
    return record == 0 ? headerLength : ends[record - 1];
  }

  private static void copy(InputStream in, long length, OutputStream out) throws IOException {
    byte[] buffer = new byte[(int) Math.min(length, Window.SIZE)];
    long left = length;
    while (left > 0) {
      int got = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (got < 0) {
        throw new IOException("the payload ends early");
      }
      out.write(buffer, 0, got);
      left -= got;
    }
  }

  /** Appends what is written to it. */
  private static final class BuilderStream extends OutputStream {
    private final PayloadBuilder builder;

    BuilderStream(PayloadBuilder builder) {
      this.builder = builder;
    }

    @Override
    public void write(int one) {
      builder.append(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      builder.append(bytes, from, length);
    }
  }
}
