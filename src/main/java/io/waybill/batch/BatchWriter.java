package io.waybill.batch;

import java.io.OutputStream;

/**
 * Makes a batch of rows that are written to it, each with its line end. Closing it gives back the
 * memory of a batch that was not finished. Used by one thread.
 */
public final class BatchWriter extends OutputStream {
  private final PayloadBuilder payload;
  private long rows;

  public BatchWriter(SegmentPool pool) {
    this.payload = new PayloadBuilder(pool);
  }

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    int to = from + length;
    for (int at = ByteSearch.indexOf(bytes, from, to, '\n'); at != ByteSearch.NONE; ) {
      rows++;
      at = ByteSearch.indexOf(bytes, at + 1, to, '\n');
    }
    payload.append(bytes, from, length);
  }

  /** How many bytes there are. */
  public long size() {
    return payload.size();
  }

  /** How many rows there are. */
  public long rows() {
    return rows;
  }

  /**
   * The batch of all rows; once.
   *
   * @param from where it begins in its source
   * @param to where it ends, exclusive
   */
  public Batch finish(long from, long to) {
    String digest = payload.digest();
    return new Batch(new Position(from, to, 1, rows), payload.build(), digest, Batch.Tail.COMPLETE);
  }

  @Override
  public void close() {
    payload.close();
  }
}
