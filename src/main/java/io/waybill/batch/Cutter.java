package io.waybill.batch;

import java.io.Closeable;
import java.io.IOException;

/** STUB, helper A. */
public final class Cutter implements Closeable {
  public static Cutter open(BatchSource source, Format format, CutLimits limits, SegmentPool pool)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Goes on at this byte of the uncompressed stream; only forward. */
  public void skipTo(long offset, long nextRecord) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * The next batch or null at the end of the source.
   *
   * @param unterminated whether a last record without line end may be delivered
   */
  public Batch next(boolean unterminated) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Exactly the planned range again, whatever the limits say now; null if the source is shorter.
   */
  public Batch read(Position planned) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Byte of the uncompressed stream behind what was given or skipped last. */
  public long offset() {
    throw new UnsupportedOperationException();
  }

  /** Skips one line end; true if there is one, or the source ends here. */
  public boolean skipLineEnd() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Bytes of the uncompressed stream behind the last batch that are a record without line end. */
  public long leftover() {
    throw new UnsupportedOperationException();
  }

  /** Share of the stored bytes that was read, 0 to 1. */
  public double fractionRead() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() throws IOException {
    throw new UnsupportedOperationException();
  }
}
