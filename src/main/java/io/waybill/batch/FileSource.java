package io.waybill.batch;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A file on a local file system. Immutable and thread-safe; every {@link #open()} gives a stream of
 * its own.
 */
public final class FileSource implements BatchSource {
  private final Path file;
  private final String id;

  /**
   * @param file where it lies
   * @param id path relative to the source's root
   */
  public FileSource(Path file, String id) {
    this.file = file;
    this.id = id;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String location() {
    return file.toString();
  }

  /**
   * @throws NoSuchFileException if it is not there (any more)
   * @throws AccessDeniedException if this process may not look at it
   * @throws FileSystemException if it is not a file
   */
  @Override
  public Stamp stamp() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        throw new FileSystemException(location(), null, "is a directory, not a file");
      }
      return new Stamp(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    } catch (NoSuchFileException e) {
      throw explained(e, new NoSuchFileException(location(), null, "there is no such file"));
    } catch (AccessDeniedException e) {
      throw explained(e, denied());
    }
  }

  /** Throws as {@link #stamp()} does. The stream skips without reading. */
  @Override
  public InputStream open() throws IOException {
    stamp();
    if (!Files.isReadable(file)) {
      throw denied();
    }
    // not Files.newInputStream: its skip is not a seek on every JDK
    return new FileInputStream(file.toFile());
  }

  private AccessDeniedException denied() {
    return new AccessDeniedException(
        location(),
        null,
        "may not be read; give the user "
            + System.getProperty("user.name")
            + " the right to read the file and to enter its folder");
  }

  private static FileSystemException explained(IOException cause, FileSystemException clear) {
    clear.initCause(cause);
    return clear;
  }
}
