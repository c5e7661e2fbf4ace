package io.waybill.batch;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip with any number of members. {@link java.util.zip.GZIPInputStream} is not used: it
 * trusts {@code available()} to tell whether a further member follows, and takes a damaged header
 * of one for the end, so that records would be lost without a word.
 */
final class GzipStream extends InputStream {
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int HEADER_CRC = 2;

  private final StoredInput stored;
  private final String location;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] packed = new byte[64 * 1024];
  private int next;
  private int limit;
  private boolean ended;

  GzipStream(StoredInput stored, String location) throws IOException {
    this.stored = stored;
    this.location = location;
    beginMember();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int got = inflate(target, from, length);
      if (got > 0) {
        crc.update(target, from, got);
        return got;
      }
      if (inflater.finished()) {
        endMember();
      } else if (inflater.needsInput()) {
        feed();
      } else {
        throw damaged("a preset dictionary is asked for");
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    stored.close();
  }

  private int inflate(byte[] target, int from, int length) throws IOException {
    try {
      return inflater.inflate(target, from, length);
    } catch (DataFormatException e) {
      SourceFormatException clear = damaged(e.getMessage());
      clear.initCause(e);
      throw clear;
    }
  }

  private void feed() throws IOException {
    if (next == limit && !refill()) {
      throw cutOff();
    }
    inflater.setInput(packed, next, limit - next);
    next = limit;
  }

  private void beginMember() throws IOException {
    if (take() != 0x1f || take() != 0x8b || take() != 8) {
      throw damaged("this is not the beginning of a gzip member");
    }
    int flags = take();
    skipBytes(6);
    if ((flags & EXTRA) != 0) {
      skipBytes(takeNumber(2));
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skipBytes(2);
    }
    inflater.reset();
    crc.reset();
  }

  private void endMember() throws IOException {
    next = limit - inflater.getRemaining();
    if (takeNumber(4) != crc.getValue()
        || takeNumber(4) != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw damaged("the checksum does not match");
    }
    // tapes and block devices pad with zeros
    while (next < limit || refill()) {
      if (packed[next] != 0) {
        beginMember();
        return;
      }
      next++;
    }
    ended = true;
  }

  private boolean refill() throws IOException {
    next = 0;
    limit = Math.max(0, stored.read(packed, 0, packed.length));
    return limit > 0;
  }

  private int take() throws IOException {
    if (next == limit && !refill()) {
      throw cutOff();
    }
    return packed[next++] & 0xff;
  }

  private long takeNumber(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) take() << (8 * i);
    }
    return number;
  }

  private void skipBytes(long bytes) throws IOException {
    for (long i = 0; i < bytes; i++) {
      take();
    }
  }

  private void skipText() throws IOException {
    int last;
    do {
      last = take();
    } while (last != 0);
  }

  private SourceFormatException cutOff() {
    return damaged("it ends in the middle");
  }

  private SourceFormatException damaged(String how) {
    long offset = stored.count() - (limit - next);
    return SourceFormatException.packed(
        location,
        offset,
        "the gzip data is damaged or cut off ("
            + how
            + "); check it with 'gzip -t' and copy the file again");
  }
}
