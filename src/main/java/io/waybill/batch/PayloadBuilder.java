package io.waybill.batch;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Collects the bytes of one payload in segments and digests each segment while it is still in the
 * processor's cache. Closing it gives back what was not built.
 */
final class PayloadBuilder implements AutoCloseable {
  private final SegmentPool pool;
  private final MessageDigest sha256;
  private List<byte[]> segments = new ArrayList<>();
  private byte[] current;
  private int used;
  private long size;

  PayloadBuilder(SegmentPool pool) {
    this.pool = pool;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    nextSegment();
  }

  void append(byte[] bytes, int from, int length) {
    int done = 0;
    while (done < length) {
      if (used == current.length) {
        sha256.update(current, 0, used);
        nextSegment();
      }
      int piece = Math.min(length - done, current.length - used);
      System.arraycopy(bytes, from + done, current, used, piece);
      used += piece;
      done += piece;
    }
    size += length;
  }

  long size() {
    return size;
  }

  /** Hex SHA-256 of all bytes; once, when all are there. */
  String digest() {
    sha256.update(current, 0, used);
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** The payload, which owns the segments from now on. */
  Payload build() {
    Payload payload = new Payload(segments, size, pool);
    segments = List.of();
    return payload;
  }

  @Override
  public void close() {
    pool.giveBack(segments);
    segments = List.of();
  }

  private void nextSegment() {
    current = pool.take();
    segments.add(current);
    used = 0;
  }
}
