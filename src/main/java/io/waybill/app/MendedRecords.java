package io.waybill.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mended records of orders that wait for an approval: what is carried out is what was asked for,
 * whatever becomes of the file that was named. Thread-safe.
 */
record MendedRecords(Path folder) {
  private static final Logger LOG = LoggerFactory.getLogger(MendedRecords.class);

  /** A copy that nobody else changes, and its owner alone can read. */
  Path keep(Path file) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(folder, rights("rwx------"));
    }
    String name = file.getFileName().toString();
    int dot = name.indexOf('.');
    Path copy = folder.resolve(UUID.randomUUID() + (dot < 0 ? "" : name.substring(dot)));
    Files.createFile(copy, rights("rw-------"));
    try (OutputStream out = Files.newOutputStream(copy)) {
      Files.copy(file, out);
    }
    return copy;
  }

  private static FileAttribute<?> rights(String rights) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
  }

  /**
   * Takes the copies away that an order names.
   *
   * @param order JSON
   */
  void forget(String order) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (order.contains(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      LOG.warn("copies in {} are not taken away: {}", folder, e.getMessage());
    }
  }
}
