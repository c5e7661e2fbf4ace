package io.waybill.batch;

import io.waybill.batch.Batch.Tail;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Cuts a source into batches at record boundaries, without parsing values.
 *
 * <p>Positions are bytes of the uncompressed stream, a byte order mark included. The first batch
 * begins behind byte order mark and header line, each further one where the one before ended. Blank
 * lines are left out of payload and record count, but not of the range, where they cannot be
 * records: in JSONEachRow and wherever the first record has more than one column. Those behind a
 * record belong to its batch. The bytes of records are never changed; line ends stay as they are.
 *
 * <p>gzip (with several members) and zstd (with several frames) are seen by their first bytes and
 * unpacked on the way. Every method that reads throws {@link SourceFormatException} when the source
 * is not what its format says, and any other {@link IOException} when it cannot be read. Memory:
 * one read buffer, which grows to the longest record, and the batch being cut. Not thread-safe.
 */
public final class Cutter implements Closeable {
  private static final int CRLF = 2;
  private final StoredInput stored;
  private final long storedBytes;
  private final Window window;
  private final Dialect dialect;
  private final RecordFinder finder;
  private final Preamble preamble;
  private final CutLimits limits;
  private final SegmentPool pool;
  private final String location;
  private final long dataStart;
  private long at;
  private long nextRecord = 1;
  private long leftover;

  private Cutter(
      BatchSource source,
      StoredInput stored,
      InputStream plain,
      Format format,
      CutLimits limits,
      SegmentPool pool,
      int windowSize)
      throws IOException {
    this.stored = stored;
    this.storedBytes = source.stamp().size();
    this.limits = limits;
    this.pool = pool;
    this.location = source.location();
    this.dialect = Dialect.of(format);
    this.window = new Window(plain, plain == stored, windowSize);
    this.finder = new RecordFinder(window, dialect, location);
    this.preamble = Preamble.read(window, format, dialect, finder, limits.recordBytes(), location);
    this.dataStart = window.offset();
    this.at = dataStart;
  }

  /**
   * Opens the source and reads its header line, if the format has one.
   *
   * @throws SourceFormatException if it is not text, damaged, or visibly of another format
   */
  public static Cutter open(BatchSource source, Format format, CutLimits limits, SegmentPool pool)
      throws IOException {
    return open(source, format, limits, pool, Window.SIZE);
  }

  static Cutter open(
      BatchSource source, Format format, CutLimits limits, SegmentPool pool, int windowSize)
      throws IOException {
    InputStream in = source.open();
    try {
      StoredInput stored = new StoredInput(in);
      in = Unpacking.of(stored, source.location());
      return new Cutter(source, stored, in, format, limits, pool, windowSize);
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(in, e);
      throw e;
    }
  }

  /**
   * Goes on at this byte of the uncompressed stream; only forward. 0 is the first record. A source
   * that ends before has no further batch.
   *
   * @param nextRecord the number of the record that begins there
   * @throws IllegalArgumentException if it lies before the end of the last batch
   * @throws SourceFormatException if it lies within the header line, which then has changed
   */
  public void skipTo(long offset, long nextRecord) throws IOException {
    if (offset > 0 && offset < dataStart) {
      throw SourceFormatException.at(
          location, offset, "a record began here, now it is the header line: the source changed");
    }
    move(Math.max(offset, dataStart));
    this.nextRecord = nextRecord;
  }

  /**
   * The next batch or null at the end of the source: as many records as the limits allow. A single
   * record over the limit of bytes is alone in its batch, as is one that the source's end cuts off.
   * Nothing but blank lines is no batch, unless there is one column.
   *
   * @param unterminated whether a last record without line end may be delivered; null or a batch
   *     before it does not hinder asking again with true
   * @throws SourceFormatException also for a record over {@link CutLimits#recordBytes()}; records
   *     of the batch at hand are not given then
   */
  public Batch next(boolean unterminated) throws IOException {
    leftover = 0;
    if (!unterminated && !preamble.decided()) {
      leftover = window.available();
      return null;
    }
    if (unterminated && preamble.headerCutOff()) {
      throw SourceFormatException.at(
          location, 0, "the source ends inside a quote of the header line; close the quote");
    }
    try (Cut cut = new Cut(pool, preamble.header(), at, nextRecord)) {
      fill(cut, unterminated);
      return cut.records() == 0 ? null : finish(cut, window.offset());
    }
  }

  /**
   * Exactly the planned range again, whatever the limits say now: the same position, payload bytes
   * and digest if the source is unchanged. Null if it does not have this range any more, because it
   * ends before or its header line reaches into it.
   *
   * @throws IllegalArgumentException if the range begins before the end of the last batch
   */
  public Batch read(Position planned) throws IOException {
    leftover = 0;
    if (planned.from() < dataStart) {
      return null;
    }
    move(planned.from());
    try (Cut cut = new Cut(pool, preamble.header(), at, planned.firstRecord())) {
      int length = finder.lengthAt(0, planned.to(), Long.MAX_VALUE);
      while (length != ByteSearch.NONE) {
        take(cut, length);
        length = finder.lengthAt(0, planned.to(), Long.MAX_VALUE);
      }
      long rest = planned.to() - window.offset();
      if (rest > window.available()) {
        return null;
      }
      takeLast(cut, (int) Math.max(0, rest));
      return finish(cut, planned.to());
    }
  }

  /**
   * Tells where records of a planned range begin, as bytes of the uncompressed stream, in their
   * order. Those that are not there any more are not told of.
   *
   * @param records their numbers in the source
   */
  void offsets(Position planned, Set<Long> records, LongConsumer begin) throws IOException {
    if (planned.from() < dataStart) {
      return;
    }
    move(planned.from());
    long number = planned.firstRecord();
    int length = lengthWithin(planned.to());
    while (length > 0) {
      if (!leftOut(length)) {
        if (records.contains(number)) {
          begin.accept(window.offset());
        }
        number++;
      }
      window.consume(length);
      length = lengthWithin(planned.to());
    }
    at = window.offset();
  }

  private int lengthWithin(long stop) throws IOException {
    int length = finder.lengthAt(0, stop, Long.MAX_VALUE);
    return length == ByteSearch.NONE
        ? (int) Math.min(stop - window.offset(), window.available())
        : length;
  }

  /**
   * Bytes of the uncompressed stream behind the last batch that the last {@link #next} saw and held
   * back, because they are a record without line end.
   */
  public long leftover() {
    return leftover;
  }

  /** Byte of the uncompressed stream behind what was given or skipped last. */
  public long offset() {
    return at;
  }

  /**
   * Skips the line end that begins behind the last batch, which had none when it was planned.
   *
   * @return whether there is one, or the source ends there; if not, its last record goes on
   */
  public boolean skipLineEnd() throws IOException {
    while (window.available() < CRLF && window.more()) {
      // until both bytes of a CRLF are there, or the source ends
    }
    int have = window.available();
    byte first = have == 0 ? (byte) '\n' : window.bytes()[window.start()];
    boolean crlf = have >= CRLF && first == '\r' && window.bytes()[window.start() + 1] == '\n';
    if (!crlf && first != '\n') {
      return false;
    }
    window.consume(Math.min(have, crlf ? CRLF : 1));
    at = window.offset();
    return true;
  }

  /** Share of the stored bytes that was read, 0 to 1; the read buffer is counted as read. */
  public double fractionRead() {
    return storedBytes == 0 ? 1 : Math.min(1, (double) stored.count() / storedBytes);
  }

  @Override
  public void close() throws IOException {
    window.close();
  }

  private void fill(Cut cut, boolean unterminated) throws IOException {
    while (true) {
      int length = finder.lengthAt(0, Long.MAX_VALUE, limits.recordBytes());
      if (length == ByteSearch.NONE) {
        fillLast(cut, unterminated);
        return;
      }
      // blank lines never fill a batch: those behind the last record are swallowed
      if (!leftOut(length) && !cut.holds(length, limits)) {
        return;
      }
      take(cut, length);
    }
  }

  private void fillLast(Cut cut, boolean unterminated) {
    int length = window.available();
    if (length == 0 || leftOut(length)) {
      takeLast(cut, unterminated ? length : 0);
    } else if (!unterminated) {
      leftover = length;
    } else if (cut.holds(length, limits) && (cut.records() == 0 || !cutOff(length))) {
      takeLast(cut, length);
    }
  }

  private void take(Cut cut, int length) {
    if (!leftOut(length)) {
      cut.add(window.bytes(), window.start(), length);
    }
    window.consume(length);
  }

  private void takeLast(Cut cut, int length) {
    if (length > 0 && !leftOut(length)) {
      Tail tail = cutOff(length) ? Tail.TRUNCATED : Tail.UNTERMINATED;
      cut.addLast(window.bytes(), window.start(), length, tail);
    }
    window.consume(length);
  }

  private boolean leftOut(int length) {
    int from = window.start();
    return !preamble.blankLinesCount() && dialect.blank(window.bytes(), from, from + length);
  }

  private boolean cutOff(int length) {
    return dialect.cutOff(window.bytes(), window.start(), window.start() + length);
  }

  private Batch finish(Cut cut, long to) {
    at = to;
    nextRecord = cut.nextRecord();
    return cut.finish(to);
  }

  private void move(long offset) throws IOException {
    if (offset < at) {
      throw new IllegalArgumentException(
          "a cutter only goes forward: from byte " + at + " it cannot go to " + offset);
    }
    // a call that gave no batch may have passed blank lines already
    if (offset > window.offset()) {
      window.skipTo(offset);
    }
    at = offset;
  }

  private static void closeAfter(InputStream in, Throwable failure) {
    try {
      in.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
