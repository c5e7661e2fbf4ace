package io.waybill.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;

/** Reads a payload from its first byte on; asks it before each read whether it is released. */
final class PayloadStream extends InputStream {
  private final Payload payload;
  private long left;
  private int segment;
  private int offset;

  PayloadStream(Payload payload) {
    this.payload = payload;
    this.left = payload.size();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) {
    Objects.checkFromIndexSize(from, length, target.length);
    List<byte[]> segments = payload.segments();
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int done = (int) Math.min(length, left);
    for (int copied = 0; copied < done; ) {
      int piece = pieceOf(segments.get(segment), done - copied);
      System.arraycopy(segments.get(segment), offset, target, from + copied, piece);
      advance(segments, piece);
      copied += piece;
    }
    return done;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    List<byte[]> segments = payload.segments();
    long before = left;
    while (left > 0) {
      int piece = pieceOf(segments.get(segment), left);
      out.write(segments.get(segment), offset, piece);
      advance(segments, piece);
    }
    return before;
  }

  @Override
  public long skip(long count) {
    List<byte[]> segments = payload.segments();
    long before = left;
    long target = left - Math.max(0, Math.min(count, left));
    while (left > target) {
      advance(segments, pieceOf(segments.get(segment), left - target));
    }
    return before - left;
  }

  @Override
  public int available() {
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  private int pieceOf(byte[] current, long most) {
    return (int) Math.min(current.length - offset, most);
  }

  private void advance(List<byte[]> segments, int count) {
    offset += count;
    left -= count;
    if (offset == segments.get(segment).length) {
      segment++;
      offset = 0;
    }
  }
}
