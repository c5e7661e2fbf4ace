package io.waybill.batch;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Unpacks zstd with any number of frames. {@link com.github.luben.zstd.ZstdInputStream} is not
 * used: it takes a source that is cut off within its second or a later frame for a whole one when
 * both frames came with one read, so that records would be lost without a word.
 */
final class ZstdStream extends InputStream {
  private static final int SIZE = 128 * 1024;

  private final StoredInput stored;
  private final String location;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final byte[] read = new byte[SIZE];
  private final ByteBuffer packed = ByteBuffer.allocateDirect(SIZE).limit(0);
  private final ByteBuffer unpacked = ByteBuffer.allocateDirect(SIZE).limit(0);
  private boolean withinFrame;
  private boolean moreInContext;

  ZstdStream(StoredInput stored, String location) {
    this.stored = stored;
    this.location = location;
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
    while (!unpacked.hasRemaining()) {
      if (!moreInContext && !packed.hasRemaining() && !refill()) {
        if (withinFrame) {
          throw damaged("it ends in the middle");
        }
        return -1;
      }
      unpack();
    }
    int got = Math.min(length, unpacked.remaining());
    unpacked.get(target, from, got);
    return got;
  }

  @Override
  public void close() throws IOException {
    context.close();
    stored.close();
  }

  private boolean refill() throws IOException {
    int got = Math.max(0, stored.read(read, 0, read.length));
    packed.clear().put(read, 0, got).flip();
    return got > 0;
  }

  private void unpack() throws IOException {
    unpacked.clear();
    try {
      withinFrame = !context.decompressDirectByteBufferStream(unpacked, packed);
    } catch (ZstdException e) {
      unpacked.limit(0);
      SourceFormatException clear = damaged(e.getMessage());
      clear.initCause(e);
      throw clear;
    }
    moreInContext = withinFrame && !unpacked.hasRemaining();
    unpacked.flip();
  }

  private SourceFormatException damaged(String how) {
    return SourceFormatException.packed(
        location,
        stored.count() - packed.remaining(),
        "the zstd data is damaged or cut off ("
            + how
            + "); check it with 'zstd -t' and copy the file again");
  }
}
