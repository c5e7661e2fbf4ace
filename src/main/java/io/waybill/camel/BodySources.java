package io.waybill.camel;

import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.batch.row.JsonLines;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.WrappedFile;
import org.apache.camel.component.file.GenericFile;

/**
 * Makes a source of a message's body: a file is read where it is, anything else is spooled, rows as
 * JSONEachRow. Thread-safe.
 */
final class BodySources {
  private static final int HEAD = 64;
  private final String flow;
  private final Spool spool;
  private final Optional<Format> given;
  private final RowSchema schema;

  /**
   * For a flow.
   *
   * @param given format that the flow names
   * @param schema what its rows are written for
   */
  BodySources(String flow, Spool spool, Optional<Format> given, RowSchema schema) {
    this.flow = flow;
    this.spool = spool;
    this.given = given;
    this.schema = schema;
  }

  /**
   * A source with what is known of it.
   *
   * @param source the bytes
   * @param format their format; empty if nothing tells it
   * @param spooled whether it is Waybill's own copy
   * @param anonymous whether nobody will offer it again under the same id
   */
  record Offered(FileSource source, Optional<Format> format, boolean spooled, boolean anonymous) {}

  Offered of(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    Object body = message.getBody();
    String name = message.getHeader(Exchange.FILE_NAME, "", String.class);
    Object file = body instanceof WrappedFile<?> wrapped ? wrapped.getFile() : body;
    if (file instanceof File plain) {
      return onDisk(plain.toPath(), name);
    }
    if (file instanceof Path path) {
      return onDisk(path, name);
    }
    if (RowBodies.areRows(body)) {
      return spooled(name, true, out -> new RowBodies(schema, out).write(body));
    }
    InputStream stream = message.getBody(InputStream.class);
    if (stream == null) {
      String type = body == null ? "no body" : body.getClass().getName();
      throw new IllegalArgumentException(
          type
              + " cannot be delivered; a body is a File, Path, InputStream, byte[] or String, or rows:"
              + " Map, List, Iterator, ResultSet or JSON");
    }
    try (BufferedInputStream text = new BufferedInputStream(stream)) {
      return isJson(text, format(name))
          ? spooled(name, true, out -> JsonLines.copy(text, out))
          : spooled(name, false, out -> requireWhole(text.transferTo(out), body));
    }
  }

  /** A connection that broke can look like the end of the file. */
  private static void requireWhole(long bytes, Object body) throws IOException {
    if (body instanceof GenericFile<?> remote && bytes < remote.getFileLength()) {
      throw new IOException(
          "%d of the %d bytes of %s came over; it is fetched again"
              .formatted(bytes, remote.getFileLength(), remote.getFileName()));
    }
  }

  /** JSON without a format is rows; an array of them is none that could be cut as it is. */
  private static boolean isJson(InputStream text, Optional<Format> format) throws IOException {
    if (format.isPresent() && format.get() != Format.JSON_EACH_ROW) {
      return false;
    }
    text.mark(HEAD);
    char first = JsonLines.first(text.readNBytes(HEAD));
    text.reset();
    return first == '[' || (first == '{' && format.isEmpty());
  }

  private Offered spooled(String name, boolean rows, Spool.Content content) throws IOException {
    boolean anonymous = name.isEmpty();
    String id = anonymous ? "message-" + UUID.randomUUID() : name;
    FileSource source = spool.store(flow, id, rows, content);
    return new Offered(
        source, rows ? Optional.of(Format.JSON_EACH_ROW) : format(name), true, anonymous);
  }

  /** A body that a crash or a hold left in the spool. */
  Offered left(Spool.Kept kept) {
    return new Offered(
        kept.source(),
        kept.rows() ? Optional.of(Format.JSON_EACH_ROW) : format(kept.source().id()),
        true,
        true);
  }

  private Optional<Format> format(String fileName) {
    return given.or(() -> Format.ofFileName(fileName));
  }

  private Offered onDisk(Path path, String name) {
    String id = name.isEmpty() ? path.toAbsolutePath().normalize().toString() : name;
    return new Offered(
        new FileSource(path, id), format(path.getFileName().toString()), false, false);
  }
}
