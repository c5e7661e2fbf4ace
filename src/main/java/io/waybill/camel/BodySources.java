package io.waybill.camel;

import io.waybill.batch.FileSource;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.WrappedFile;

/** Makes a source of a message's body: a file is read where it is, anything else is spooled. */
final class BodySources {
  private final String flow;
  private final Spool spool;

  BodySources(String flow, Spool spool) {
    this.flow = flow;
    this.spool = spool;
  }

  /**
   * A source with what is known of it.
   *
   * @param source the bytes
   * @param fileName what its format can be told by; may be empty
   * @param spooled whether it is Waybill's own copy
   * @param anonymous whether nobody will offer it again under the same id
   */
  record Offered(FileSource source, String fileName, boolean spooled, boolean anonymous) {}

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
    InputStream stream = message.getBody(InputStream.class);
    if (stream == null) {
      String type = body == null ? "no body" : body.getClass().getName();
      throw new IllegalArgumentException(
          type + " cannot be delivered; a body is a File, Path, InputStream, byte[] or String");
    }
    boolean anonymous = name.isEmpty();
    String id = anonymous ? "message-" + UUID.randomUUID() : name;
    try (stream) {
      return new Offered(spool.store(flow, id, stream), name, true, anonymous);
    }
  }

  private static Offered onDisk(Path path, String name) {
    String id = name.isEmpty() ? path.toAbsolutePath().normalize().toString() : name;
    return new Offered(new FileSource(path, id), path.getFileName().toString(), false, false);
  }
}
