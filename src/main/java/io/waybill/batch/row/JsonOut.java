package io.waybill.batch.row;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON as UTF-8 in memory. Used by one thread. */
public final class JsonOut {
  private static final int FIRST_SIZE = 1 << 14;
  private static final int MOST_BYTES_PER_CHAR = 6; // as a backslash, u and four digits
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final char REPLACEMENT = '\ufffd';
  private byte[] bytes = new byte[FIRST_SIZE];
  private int size;

  /** How many bytes there are. */
  public int size() {
    return size;
  }

  /** Takes back what was written behind this size. */
  public void shrinkTo(int smaller) {
    size = smaller;
  }

  /** Writes all to {@code out} and begins anew. */
  public void drainTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
    size = 0;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  /** One character of ASCII as it is. */
  JsonOut ascii(char c) {
    room(1);
    bytes[size++] = (byte) c;
    return this;
  }

  /** ASCII text as it is. */
  @SuppressWarnings("deprecation") // the only copy without a charset's detour; ASCII loses nothing
  JsonOut ascii(String text) {
    room(text.length());
    text.getBytes(0, text.length(), bytes, size);
    size += text.length();
    return this;
  }

  /** Bytes as they are. */
  JsonOut raw(byte[] ready) {
    room(ready.length);
    System.arraycopy(ready, 0, bytes, size, ready.length);
    size += ready.length;
    return this;
  }

  JsonOut number(long number) {
    if (number < 0) {
      return number == Long.MIN_VALUE ? ascii(Long.toString(number)) : ascii('-').number(-number);
    }
    room(20);
    int end = size + digits(number);
    long rest = number;
    for (int i = end - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size = end;
    return this;
  }

  private static int digits(long number) {
    int digits = 1;
    for (long bound = 10; digits < 19 && number >= bound; bound *= 10) {
      digits++;
    }
    return digits;
  }

  /** A number with leading zeros. */
  JsonOut padded(int number, int width) {
    room(width);
    int rest = number;
    for (int i = size + width - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += width;
    return this;
  }

  /** Text in quotes; half a pair of surrogates becomes the replacement character. */
  JsonOut string(CharSequence text) {
    int length = text.length();
    room(MOST_BYTES_PER_CHAR * length + 2);
    bytes[size++] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        one(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        supplementary(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        multibyte(Character.isSurrogate(c) ? REPLACEMENT : c);
      }
    }
    bytes[size++] = '"';
    return this;
  }

  /** Bytes in quotes, whatever they mean: ClickHouse keeps them as they are. */
  JsonOut string(byte[] text) {
    room(MOST_BYTES_PER_CHAR * text.length + 2);
    bytes[size++] = '"';
    for (byte b : text) {
      if (b < 0) {
        bytes[size++] = b;
      } else {
        one((char) b);
      }
    }
    bytes[size++] = '"';
    return this;
  }

  /** Puts what was written from there on into quotes, if it is not. */
  void quoteFrom(int at) {
    if (bytes[at] != '"') {
      String text = new String(bytes, at, size - at, StandardCharsets.US_ASCII);
      size = at;
      ascii('"').ascii(text).ascii('"');
    }
  }

  private void one(char c) {
    if (c == '"' || c == '\\') {
      bytes[size++] = '\\';
      bytes[size++] = (byte) c;
    } else if (c >= ' ') {
      bytes[size++] = (byte) c;
    } else {
      bytes[size++] = '\\';
      bytes[size++] = 'u';
      bytes[size++] = '0';
      bytes[size++] = '0';
      bytes[size++] = HEX[c >> 4];
      bytes[size++] = HEX[c & 0xf];
    }
  }

  private void multibyte(char c) {
    if (c < 0x800) {
      bytes[size++] = (byte) (0xc0 | (c >> 6));
    } else {
      bytes[size++] = (byte) (0xe0 | (c >> 12));
      bytes[size++] = (byte) (0x80 | ((c >> 6) & 0x3f));
    }
    bytes[size++] = (byte) (0x80 | (c & 0x3f));
  }

  private void supplementary(int codePoint) {
    bytes[size++] = (byte) (0xf0 | (codePoint >> 18));
    bytes[size++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
    bytes[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
    bytes[size++] = (byte) (0x80 | (codePoint & 0x3f));
  }
}
