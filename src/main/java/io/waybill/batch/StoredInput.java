package io.waybill.batch;

import java.io.IOException;
import java.io.InputStream;

/**
 * The stored bytes of a source: counts them and lets the first few be seen before they are read.
 */
final class StoredInput extends InputStream {
  private final InputStream in;
  private final byte[] head;
  private int headRead;
  private long count;

  StoredInput(InputStream in) throws IOException {
    this.in = in;
    this.head = in.readNBytes(4);
  }

  /** Up to four bytes from the beginning. */
  byte[] head() {
    return head.clone();
  }

  /** How many bytes were taken from here. */
  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    int got = Math.min(length, head.length - headRead);
    if (got > 0) {
      System.arraycopy(head, headRead, target, from, got);
      headRead += got;
    } else {
      got = in.read(target, from, length);
    }
    count += Math.max(0, got);
    return got;
  }

  @Override
  public long skip(long most) throws IOException {
    long skipped = Math.max(0, Math.min(most, head.length - headRead));
    if (skipped > 0) {
      headRead += (int) skipped;
    } else {
      skipped = in.skip(most);
    }
    count += skipped;
    return skipped;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
