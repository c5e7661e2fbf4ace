package io.waybill.batch;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * The part of the uncompressed stream that is in memory and not yet cut. It is filled by large
 * reads and grows only for a record that is longer.
 */
final class Window implements Closeable {
  static final int SIZE = 512 * 1024;

  private final InputStream in;
  private final boolean skippable;
  private final int size;
  private byte[] bytes;
  private int start;
  private int end;
  private long offset;
  private boolean ended;

  /**
   * @param skippable whether the stream skips without reading
   * @param size how much is read at a time, normally {@link #SIZE}
   */
  Window(InputStream in, boolean skippable, int size) {
    this.in = in;
    this.skippable = skippable;
    this.size = size;
    this.bytes = new byte[size];
  }

  /** Valid until the next {@link #more()} or {@link #skipTo(long)}. */
  byte[] bytes() {
    return bytes;
  }

  /** Index of the first byte that is not yet consumed. */
  int start() {
    return start;
  }

  /** Index behind the last byte in memory. */
  int end() {
    return end;
  }

  /** How many bytes lie in memory. */
  int available() {
    return end - start;
  }

  /** Where {@link #start()} lies in the uncompressed stream. */
  long offset() {
    return offset;
  }

  void consume(int count) {
    start += count;
    offset += count;
  }

  /** Reads on; what is not consumed stays, at other indexes. False if the source has no more. */
  boolean more() throws IOException {
    if (ended) {
      return false;
    }
    int kept = available();
    byte[] target;
    if (kept == bytes.length) {
      target = new byte[Math.multiplyExact(kept, 2)];
    } else if (bytes.length > size && kept < size / 2) {
      target = new byte[size];
    } else {
      target = bytes;
    }
    System.arraycopy(bytes, start, target, 0, kept);
    bytes = target;
    start = 0;
    end = kept;
    while (!ended && end < bytes.length) {
      int got = in.read(bytes, end, bytes.length - end);
      ended = got < 0;
      end += Math.max(0, got);
    }
    return end > kept;
  }

  /** Consumes up to this offset, or to the end of a source that is shorter. */
  void skipTo(long target) throws IOException {
    if (skippable && target - offset > available()) {
      consume(available());
      long skipped = in.skip(target - offset);
      while (skipped > 0) {
        offset += skipped;
        skipped = in.skip(target - offset);
      }
    }
    do {
      consume((int) Math.min(available(), target - offset));
    } while (offset < target && more());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
