package io.waybill.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bytes of a batch as they are sent; readable any number of times, also by several threads at once,
 * until released. They lie in segments of a {@link SegmentPool}, so the one who releases must know
 * that nobody reads any more: the segments carry another batch soon after.
 */
public final class Payload {
  private static final SegmentPool NO_POOL = new SegmentPool(0);

  private final AtomicReference<List<byte[]>> segments;
  private final long size;
  private final SegmentPool pool;

  /** All segments but the last are full. */
  Payload(List<byte[]> segments, long size, SegmentPool pool) {
    this.segments = new AtomicReference<>(segments);
    this.size = size;
    this.pool = pool;
  }

  /** A payload of exactly this array, which is not copied and belongs to no pool. */
  public static Payload of(byte[] bytes) {
    return new Payload(List.of(bytes), bytes.length, NO_POOL);
  }

  /** How many bytes; known even after the release. */
  public long size() {
    return size;
  }

  /**
   * A new stream from the first byte on. Its reads throw {@link IllegalStateException} once the
   * payload is released; it need not be closed.
   */
  public InputStream openStream() {
    segments();
    return new PayloadStream(this);
  }

  /**
   * Writes all bytes, in large pieces.
   *
   * @throws IllegalStateException after {@link #release()}
   */
  public void writeTo(OutputStream out) throws IOException {
    new PayloadStream(this).transferTo(out);
  }

  /**
   * All bytes in a new array.
   *
   * @throws IllegalStateException after {@link #release()}
   * @throws ArithmeticException if they are more than an array holds
   */
  public byte[] toByteArray() {
    return head(Math.toIntExact(size));
  }

  /**
   * At most the first so many bytes.
   *
   * @throws IllegalStateException after {@link #release()}
   */
  public byte[] head(int most) {
    byte[] head = new byte[(int) Math.min(most, size)];
    new PayloadStream(this).read(head, 0, head.length);
    return head;
  }

  /** Gives the memory back. A second time does nothing. */
  public void release() {
    List<byte[]> mine = segments.getAndSet(null);
    if (mine != null) {
      pool.giveBack(mine);
    }
  }

  List<byte[]> segments() {
    List<byte[]> mine = segments.get();
    if (mine == null) {
      throw new IllegalStateException("the payload was released");
    }
    return mine;
  }
}
