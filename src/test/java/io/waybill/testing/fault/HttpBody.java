package io.waybill.testing.fault;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Passes one body on as it came on the wire, to its very end, and no byte more. */
final class HttpBody {
  private static final int BUFFER = 8192;
  private static final int CRLF = 2;
  private final HttpHead head;
  private final InputStream in;
  private final OutputStream wire;
  private final MessageDigest content = sha256();
  private final byte[] buffer = new byte[BUFFER];

  private HttpBody(HttpHead head, InputStream in, OutputStream wire) {
    this.head = head;
    this.in = in;
    this.wire = wire;
  }

  /**
   * Copies the body that follows a head.
   *
   * @return hex SHA-256 of its content, without the marks of the chunks
   * @throws EOFException if it ends too early
   */
  static String copy(HttpHead head, InputStream in, OutputStream wire) throws IOException {
    return new HttpBody(head, in, wire).copy();
  }

  private String copy() throws IOException {
    if (head.isChunked()) {
      copyChunks();
    } else {
      copyContent(head.contentLength());
    }
    wire.flush();
    return HexFormat.of().formatHex(content.digest());
  }

  private void copyChunks() throws IOException {
    long size;
    do {
      size = copySizeLine();
      copyContent(size);
      wire.write(exactly(CRLF)); // ClickHouse and its clients send no trailers
    } while (size > 0);
  }

  private long copySizeLine() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < CRLF || line.charAt(line.length() - 1) != '\n') {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("no further chunk");
      }
      line.append((char) b);
    }
    wire.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
    return Long.parseLong(line.toString().split(";", -1)[0].strip(), 16);
  }

  private void copyContent(long length) throws IOException {
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException(left + " bytes are missing");
      }
      content.update(buffer, 0, read);
      wire.write(buffer, 0, read);
      left -= read;
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("no end of a chunk");
    }
    return bytes;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
