package io.waybill.testing.fault;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** First line and headers of a request or reply, as they came. Immutable. */
final class HttpHead {
  private static final int LONGEST = 1 << 20;
  private static final byte[] END = {'\r', '\n', '\r', '\n'};
  private final byte[] bytes;

  private HttpHead(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Reads a head; empty if the stream ends before its first byte. */
  static Optional<HttpHead> read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < END.length) {
      int b = in.read();
      if (b < 0 && bytes.size() == 0) {
        return Optional.empty();
      }
      if (b < 0 || bytes.size() > LONGEST) {
        throw new EOFException("no end of a head after " + bytes.size() + " bytes");
      }
      bytes.write(b);
      matched = b == END[matched] ? matched + 1 : b == END[0] ? 1 : 0;
    }
    return Optional.of(new HttpHead(bytes.toByteArray()));
  }

  /** All of it, with the empty line at its end. */
  byte[] bytes() {
    return bytes.clone();
  }

  private List<String> lines() {
    return Arrays.asList(new String(bytes, StandardCharsets.ISO_8859_1).split("\r\n"));
  }

  /** Request line or status line. */
  String firstLine() {
    return lines().get(0);
  }

  /** Value of a header; empty if it is not there. */
  String header(String name) {
    String prefix = name + ":";
    return lines().stream()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
        .map(line -> line.substring(prefix.length()).strip())
        .findFirst()
        .orElse("");
  }

  /** Value of a parameter of the request's URL, decoded; empty if it is not there. */
  String parameter(String name) {
    String target = firstLine().split(" ", -1)[1];
    String prefix = name + "=";
    return Arrays.stream(target.substring(target.indexOf('?') + 1).split("&", -1))
        .filter(part -> part.startsWith(prefix))
        .map(part -> URLDecoder.decode(part.substring(prefix.length()), StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  /** Status of a reply. */
  int status() {
    return Integer.parseInt(firstLine().split(" ", -1)[1]);
  }

  /** Whether the body comes in chunks. */
  boolean isChunked() {
    return header("Transfer-Encoding").equalsIgnoreCase("chunked");
  }

  /** Length of a body that does not come in chunks; 0 if none is named. */
  long contentLength() {
    String length = header("Content-Length");
    return length.isEmpty() ? 0 : Long.parseLong(length);
  }

  /** Whether the sender will close the connection behind this. */
  boolean closes() {
    return header("Connection").equalsIgnoreCase("close");
  }
}
