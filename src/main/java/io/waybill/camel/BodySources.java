package io.waybill.camel;

import io.waybill.batch.BatchSource;
import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.batch.SourceFormatException;
import io.waybill.batch.WholeRecords;
import io.waybill.batch.row.JsonLines;
import io.waybill.camel.changes.ChangeRows;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.component.file.GenericFile;

/**
 * Makes a source of a message's body: a file is read where it is, anything else is spooled, rows as
 * JSONEachRow. Thread-safe.
 */
final class BodySources {
  private static final int HEAD = 64;
  private static final long MESSAGE = 16 << 20;
  private final String flow;
  private final Spool spool;
  private final Optional<Format> given;
  private final RowSchema schema;
  private final ChangeRows changes;

  /**
   * For a flow.
   *
   * @param given format that the flow names
   * @param schema what its rows are written for
   * @param changes makes rows of changes
   */
  BodySources(
      String flow, Spool spool, Optional<Format> given, RowSchema schema, ChangeRows changes) {
    this.flow = flow;
    this.spool = spool;
    this.given = given;
    this.schema = schema;
    this.changes = changes;
  }

  RowSchema schema() {
    return schema;
  }

  /**
   * A source with what is known of it.
   *
   * @param source the bytes
   * @param format their format; empty if nothing tells it
   * @param spooled whether it is Waybill's own copy
   * @param anonymous whether nobody will offer it again under the same id
   * @param trigger id of the trigger that brought it; may be empty
   */
  record Offered(
      FileSource source,
      Optional<Format> format,
      boolean spooled,
      boolean anonymous,
      String trigger) {}

  Offered of(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    Object body = message.getBody();
    Name name =
        new Name(
            message.getHeader(Exchange.FILE_NAME, "", String.class), Occasion.triggerOf(exchange));
    Object file = body instanceof WrappedFile<?> wrapped ? wrapped.getFile() : body;
    if (file instanceof File plain) {
      return onDisk(plain.toPath(), name);
    }
    if (file instanceof Path path) {
      return onDisk(path, name);
    }
    if (ChangeRows.isChange(message)) {
      Map<String, Object> row = changes.row(message);
      return spooled(name, true, Optional.empty(), out -> new RowBodies(schema, out).write(row));
    }
    if (RowBodies.areRows(body)) {
      return spooled(name, true, Optional.empty(), out -> new RowBodies(schema, out).write(body));
    }
    InputStream stream =
        body instanceof RemoteBody remote ? remote.open() : message.getBody(InputStream.class);
    if (stream == null) {
      String type = body == null ? "no body" : body.getClass().getName();
      throw new IllegalArgumentException(
          type
              + " cannot be delivered; a body is a File, Path, InputStream, byte[] or String, or rows:"
              + " Map, List, Iterator, ResultSet or JSON");
    }
    Optional<Looks> looks = looks(exchange);
    try (BufferedInputStream text = new BufferedInputStream(whole(stream, body))) {
      return isJson(text, format(name.file))
          ? spooled(name, true, looks, out -> JsonLines.copy(text, out))
          : spooled(name, false, looks, text::transferTo);
    }
  }

  /**
   * How a source that was not fetched yet looks from outside.
   *
   * @param id what it is known by
   * @param location what a person finds it by
   */
  record Looks(String id, String location, BatchSource.Stamp stamp) {}

  /** How a body that is elsewhere looks, if that can be told without fetching it. */
  static Optional<Looks> looks(Exchange exchange) {
    Message message = exchange.getMessage();
    String name = message.getHeader(Exchange.FILE_NAME, "", String.class);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (message.getBody() instanceof RemoteBody remote) {
      return Optional.of(new Looks(name, remote.location(), remote.stamp()));
    }
    if (message.getBody() instanceof GenericFile<?> file
        && !(file.getFile() instanceof File)
        && !(file.getBody() instanceof File)
        && file.getLastModified() > 0) {
      Instant modified = Instant.ofEpochMilli(file.getLastModified());
      return Optional.of(
          new Looks(
              name,
              file.getAbsoluteFilePath(),
              RemoteBody.stamp(file.getFileLength(), modified, "")));
    }
    return Optional.empty();
  }

  private static InputStream whole(InputStream stream, Object body) {
    return body instanceof GenericFile<?> remote
        ? new WholeStream(stream, remote.getFileLength(), Optional.empty(), remote.getFileName())
        : stream;
  }

  /**
   * The records of a message that is small enough to be collected with others, each with its line
   * end; empty if it is to be delivered on its own.
   */
  Optional<byte[]> message(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    Object body = message.getBody();
    if (!message.getHeader(Exchange.FILE_NAME, "", String.class).isEmpty()) {
      return Optional.empty();
    }
    if (body instanceof Iterator || body instanceof ResultSet) {
      return Optional.empty(); // as long as it likes
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (ChangeRows.isChange(message)) {
      new RowBodies(schema, out).write(changes.row(message));
    } else if (RowBodies.areRows(body)) {
      if (collectsText(given)) {
        return Optional.empty();
      }
      new RowBodies(schema, out).write(body);
    } else if (!isText(body) || !copyText(exchange, out)) {
      return Optional.empty();
    }
    return Optional.of(out.toByteArray());
  }

  private static boolean isText(Object body) {
    return body instanceof String
        || body instanceof byte[]
        || (body instanceof StreamCache cache && cache.length() <= MESSAGE);
  }

  private boolean copyText(Exchange exchange, ByteArrayOutputStream out) throws IOException {
    byte[] text = exchange.getMessage().getBody(byte[].class);
    boolean told = WaitingSender.isOf(exchange);
    if (collectsText(given)) {
      return copyLines(text, out, told);
    }
    if (given.filter(format -> format != Format.JSON_EACH_ROW).isPresent()) {
      return false;
    }
    try {
      requireText(text, told);
      JsonLines.copy(new ByteArrayInputStream(text), out);
    } catch (SourceFormatException e) {
      if (told) {
        throw e;
      }
      out.reset();
      RefusedText.write(text, out);
    }
    return true;
  }

  private static void requireText(byte[] text, boolean told) throws SourceFormatException {
    if (told && JsonLines.first(text) == 0) {
      throw new SourceFormatException("the body is empty");
    }
  }

  /** A message that ends within a quote would swallow the next one: it goes alone. */
  private boolean copyLines(byte[] text, ByteArrayOutputStream out, boolean told)
      throws IOException {
    out.write(text);
    if (text.length > 0 && text[text.length - 1] != '\n') {
      out.write('\n');
    }
    boolean whole = WholeRecords.count(given.orElseThrow(), out.toByteArray()).isPresent();
    if (!whole && told) {
      throw new SourceFormatException("the last record is not whole; a quote is not closed");
    }
    return whole;
  }

  /** Whether messages are collected as they are, rather than as rows; without a header line. */
  static boolean collectsText(Optional<Format> given) {
    return given.filter(format -> format == Format.CSV || format == Format.TSV).isPresent();
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

  /** By what a body is called, and the trigger that brought it; each may be empty. */
  private record Name(String file, String trigger) {}

  private Offered spooled(Name name, boolean rows, Optional<Looks> looks, Spool.Content content)
      throws IOException {
    boolean anonymous = name.file.isEmpty();
    String id = anonymous ? TriggeredBodies.newId(name.trigger) : name.file;
    FileSource source = spool.store(flow, id, rows, looks.map(Looks::stamp), content);
    return new Offered(
        source,
        rows ? Optional.of(Format.JSON_EACH_ROW) : format(name.file),
        true,
        anonymous,
        name.trigger);
  }

  /** A body that a crash or a hold left in the spool. */
  Offered left(Spool.Kept kept) {
    return new Offered(
        kept.source(),
        kept.rows() ? Optional.of(Format.JSON_EACH_ROW) : format(kept.source().id()),
        true,
        true,
        TriggeredBodies.triggerOf(kept.source().id()));
  }

  private Optional<Format> format(String fileName) {
    return given.or(() -> Format.ofFileName(fileName));
  }

  private Offered onDisk(Path path, Name name) {
    String id = name.file.isEmpty() ? path.toAbsolutePath().normalize().toString() : name.file;
    return new Offered(
        new FileSource(path, id),
        format(path.getFileName().toString()),
        false,
        false,
        name.trigger);
  }
}
