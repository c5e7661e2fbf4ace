package io.waybill.batch;

import java.util.ArrayDeque;

/**
 * Recycles the byte arrays that payloads are made of, so that a long load does not make the garbage
 * collector clear and move a gigabyte per gigabyte loaded. Thread-safe. It hands out as many as are
 * asked for and keeps only a bounded number of those that come back.
 */
public final class SegmentPool {
  /** Small enough not to be a humongous object in the smallest G1 region (1 MB). */
  private static final int SEGMENT_BYTES = 256 * 1024;

  private static final long DEFAULT_KEPT_BYTES = 128L << 20;

  private final ArrayDeque<byte[]> free = new ArrayDeque<>();
  private final long mostKept;
  private final int segmentBytes;

  /** A pool that keeps up to 128 MB. */
  public SegmentPool() {
    this(DEFAULT_KEPT_BYTES);
  }

  /**
   * @param keptBytes most bytes that are kept for the next payloads; 0 keeps none
   */
  public SegmentPool(long keptBytes) {
    this(keptBytes, SEGMENT_BYTES);
  }

  SegmentPool(long keptBytes, int segmentBytes) {
    this.mostKept = keptBytes / segmentBytes;
    this.segmentBytes = segmentBytes;
  }

  /** A segment with any content. */
  synchronized byte[] take() {
    byte[] last = free.pollLast();
    return last == null ? new byte[segmentBytes] : last;
  }

  /** The giver must not touch the segments again. */
  synchronized void giveBack(Iterable<byte[]> segments) {
    for (byte[] segment : segments) {
      if (free.size() >= mostKept) {
        return;
      }
      free.addLast(segment);
    }
  }

  synchronized int kept() {
    return free.size();
  }
}
