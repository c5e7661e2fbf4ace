package io.waybill.lineage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends events to a file, one a line. */
final class FileTransport implements LineageTransport {
  private final Path file;

  FileTransport(Path file) {
    this.file = file;
  }

  @Override
  public void send(String event) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, event + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void close() {
    // nothing stays open between two events
  }
}
