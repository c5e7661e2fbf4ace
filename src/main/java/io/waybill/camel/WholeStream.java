package io.waybill.camel;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A stream that fails at its end if less came than there is, or something else: a connection that
 * broke can look like the end. Used by one thread.
 */
public final class WholeStream extends FilterInputStream {
  private final long length;
  private final Optional<Check> check;
  private final String location;
  private long bytes;
  private boolean ended;

  /**
   * A digest that is to come out of all bytes.
   *
   * @param digest takes the bytes
   * @param expected what it is to be, in hex
   */
  public record Check(MessageDigest digest, String expected) {}

  /**
   * Over a stream.
   *
   * @param length so many bytes at least
   * @param location what it is, for the message
   */
  public WholeStream(InputStream in, long length, Optional<Check> check, String location) {
    super(in);
    this.length = length;
    this.check = check;
    this.location = location;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int most) throws IOException {
    int count = super.read(buffer, offset, most);
    if (count < 0) {
      requireWholeOnce();
    } else {
      bytes += count;
      check.ifPresent(each -> each.digest().update(buffer, offset, count));
    }
    return count;
  }

  /** What is skipped would not be looked at. */
  @Override
  public long skip(long count) throws IOException {
    return readNBytes((int) Math.min(count, 1 << 16)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** The end may be read more than once, a digest only once. */
  private void requireWholeOnce() throws IOException {
    if (!ended) {
      requireWhole();
      ended = true;
    }
  }

  private void requireWhole() throws IOException {
    if (bytes < length) {
      throw new IOException(
          "%d of the %d bytes of %s came over; it is fetched again"
              .formatted(bytes, length, location));
    }
    if (check.isPresent()
        && !HexFormat.of()
            .formatHex(check.get().digest().digest())
            .equalsIgnoreCase(check.get().expected())) {
      throw new IOException(
          "other bytes than those of %s came over; it is fetched again".formatted(location));
    }
  }
}
