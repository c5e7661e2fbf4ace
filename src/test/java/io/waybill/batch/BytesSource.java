package io.waybill.batch;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** A source in memory whose stream gives what it likes per read, as network streams do. */
final class BytesSource implements BatchSource {
  enum Packing {
    PLAIN,
    GZIP,
    GZIP_MEMBERS,
    ZSTD,
    ZSTD_FRAMES
  }

  private final byte[] stored;

  BytesSource(byte[] stored) {
    this.stored = stored;
  }

  static BytesSource of(String text) {
    return new BytesSource(text.getBytes(StandardCharsets.UTF_8));
  }

  static BytesSource packed(byte[] bytes, Packing packing) {
    int half = bytes.length / 2;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      switch (packing) {
        case PLAIN -> out.write(bytes);
        case GZIP, ZSTD -> pack(out, packing, bytes, 0, bytes.length);
        case GZIP_MEMBERS, ZSTD_FRAMES -> {
          Packing each = packing == Packing.GZIP_MEMBERS ? Packing.GZIP : Packing.ZSTD;
          pack(out, each, bytes, 0, half);
          pack(out, each, bytes, half, bytes.length - half);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BytesSource(out.toByteArray());
  }

  private static void pack(OutputStream out, Packing packing, byte[] bytes, int from, int length)
      throws IOException {
    OutputStream packer =
        packing == Packing.GZIP ? new GZIPOutputStream(out) : new ZstdOutputStream(out);
    packer.write(bytes, from, length);
    packer.close();
  }

  byte[] stored() {
    return stored;
  }

  @Override
  public String id() {
    return "in-memory";
  }

  @Override
  public String location() {
    return "memory/in.txt";
  }

  @Override
  public Stamp stamp() {
    return new Stamp(stored.length, 0);
  }

  /** Reports nothing as available and reads in pieces of odd length. */
  @Override
  public InputStream open() {
    return new ByteArrayInputStream(stored) {
      @Override
      public synchronized int read(byte[] target, int from, int length) {
        return super.read(target, from, Math.min(length, 777));
      }

      @Override
      public synchronized int available() {
        return 0;
      }
    };
  }
}
