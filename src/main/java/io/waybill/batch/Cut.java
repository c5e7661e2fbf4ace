package io.waybill.batch;

import io.waybill.batch.Batch.Tail;

/** One batch while it is cut. Closing it gives back the memory of a batch that was not finished. */
final class Cut implements AutoCloseable {
  private final PayloadBuilder payload;
  private final long from;
  private final long firstRecord;
  private long records;
  private Tail tail = Tail.COMPLETE;

  Cut(SegmentPool pool, byte[] header, long from, long firstRecord) {
    this.payload = new PayloadBuilder(pool);
    this.from = from;
    this.firstRecord = firstRecord;
    payload.append(header, 0, header.length);
  }

  long nextRecord() {
    return firstRecord + records;
  }

  long records() {
    return records;
  }

  /** Whether a record of this length may come in; the first one always may. */
  boolean holds(int length, CutLimits limits) {
    return records == 0 || (records < limits.rows() && payload.size() + length <= limits.bytes());
  }

  void add(byte[] bytes, int start, int length) {
    payload.append(bytes, start, length);
    records++;
  }

  /** Adds the last record, which has no line end. */
  void addLast(byte[] bytes, int start, int length, Tail how) {
    add(bytes, start, length);
    tail = how;
  }

  Batch finish(long to) {
    String digest = payload.digest();
    Position position = new Position(from, to, firstRecord, records);
    return new Batch(position, payload.build(), digest, tail);
  }

  @Override
  public void close() {
    payload.close();
  }
}
