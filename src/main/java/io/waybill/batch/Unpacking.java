package io.waybill.batch;

import java.io.IOException;
import java.io.InputStream;

/** Sees by the first bytes, not by the name, how a source is packed. */
public final class Unpacking {
  private Unpacking() {}

  /**
   * The bytes of the uncompressed stream.
   *
   * @param name what messages call it
   */
  public static InputStream of(InputStream stored, String name) throws IOException {
    return of(new StoredInput(stored), name);
  }

  /** The bytes of the uncompressed stream; the same object if they are not packed. */
  static InputStream of(StoredInput stored, String location) throws IOException {
    byte[] head = stored.head();
    if (head.length >= 2 && head[0] == (byte) 0x1f && head[1] == (byte) 0x8b) {
      return new GzipStream(stored, location);
    }
    return isZstd(head) ? new ZstdStream(stored, location) : stored;
  }

  private static boolean isZstd(byte[] head) {
    if (head.length < 4) {
      return false;
    }
    boolean frame = head[0] == 0x28 && head[1] == (byte) 0xb5 && head[2] == 0x2f;
    // parallel packers begin with a frame that readers skip
    boolean skippable = (head[0] & 0xf0) == 0x50 && head[1] == 0x2a && head[2] == 0x4d;
    return (frame && head[3] == (byte) 0xfd) || (skippable && head[3] == 0x18);
  }
}
