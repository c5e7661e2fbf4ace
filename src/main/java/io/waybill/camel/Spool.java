package io.waybill.camel;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.FileSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Keeps bodies that nobody can read a second time (streams, strings) on disk from before their
 * first batch is planned until their run is complete, so that they are delivered like files, also
 * after a crash. One folder per flow; a body and beside it the id of its source. Thread-safe.
 */
public final class Spool {
  static final String BODY = ".body";
  static final String ROWS = ".rows";
  static final String ID = ".id";
  private static final String PART = "part-";
  private static final String TMP = ".tmp";
  private final Path folder;
  private final Limits limits;

  public Spool(Path folder, Limits limits) {
    this.folder = folder;
    this.limits = limits;
  }

  /**
   * Bounds of messages that are collected.
   *
   * @param bytes what may wait of one flow
   * @param remember how long the ids of messages are kept, to drop those that come again
   */
  public record Limits(long bytes, Duration remember) {}

  Limits limits() {
    return limits;
  }

  /** Where the messages of a flow are collected. */
  Path folder(String flow) throws IOException {
    return Files.createDirectories(folder.resolve(safe(flow)));
  }

  /** Writes the bytes of a body. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * A body that is kept.
   *
   * @param source its bytes
   * @param rows whether they are rows that Waybill wrote, as JSONEachRow
   */
  public record Kept(FileSource source, boolean rows) {
    /** Whether nobody delivered it meanwhile. */
    boolean isThere() {
      return Files.exists(Path.of(source.location()));
    }
  }

  /**
   * Stores a body durably.
   *
   * @param sourceId what identifies it within the flow; the same id replaces what is there
   * @param looks how it looks where it comes from, whose time it keeps
   */
  FileSource store(String flow, String sourceId, boolean rows, Optional<Stamp> looks, Content body)
      throws IOException {
    Path flowFolder = folder(flow);
    Path file = flowFolder.resolve(safe(sourceId) + (rows ? ROWS : BODY));
    Path part = Files.createTempFile(flowFolder, PART, TMP);
    try {
      write(flowFolder.resolve(safe(sourceId) + ID), sourceId.getBytes(StandardCharsets.UTF_8));
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        OutputStream out = Channels.newOutputStream(channel);
        body.writeTo(out);
        if (looks.isPresent()) {
          Files.setLastModifiedTime(
              part, FileTime.from(looks.get().modifiedNanos(), TimeUnit.NANOSECONDS));
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(flowFolder);
    } finally {
      Files.deleteIfExists(part);
    }
    return new FileSource(file, sourceId);
  }

  /** Writes rows, and tells then what identifies them; empty if they are not to be kept. */
  interface NamedRows {
    Optional<String> writeTo(OutputStream out) throws IOException;
  }

  /** Stores rows durably under the id that they turn out to have; empty if there are none. */
  Optional<FileSource> storeNamed(String flow, NamedRows rows) throws IOException {
    Path flowFolder = folder(flow);
    Path part = Files.createTempFile(flowFolder, PART, TMP);
    try {
      Optional<String> sourceId;
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        sourceId = rows.writeTo(Channels.newOutputStream(channel));
        channel.force(true);
      }
      return sourceId.isEmpty() ? Optional.empty() : Optional.of(keep(flow, part, sourceId.get()));
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private FileSource keep(String flow, Path part, String sourceId) throws IOException {
    Path flowFolder = folder(flow);
    Path file = flowFolder.resolve(safe(sourceId) + ROWS);
    write(flowFolder.resolve(safe(sourceId) + ID), sourceId.getBytes(StandardCharsets.UTF_8));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(flowFolder);
    return new FileSource(file, sourceId);
  }

  /** Removes what a crash left half written; before anything is stored. */
  public void sweep() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder, 2)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(PART) && name.endsWith(TMP)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** The bodies of a flow that are not delivered yet. */
  public List<Kept> left(String flow) throws IOException {
    Path flowFolder = folder.resolve(safe(flow));
    List<Kept> left = new ArrayList<>();
    if (!Files.isDirectory(flowFolder)) {
      return left;
    }
    try (Stream<Path> files = Files.list(flowFolder)) {
      for (Path body : files.sorted().toList()) {
        boolean rows = body.toString().endsWith(ROWS);
        if (rows || body.toString().endsWith(BODY)) {
          Path id = Path.of(body.toString().replaceFirst("\\.(body|rows)$", ID));
          left.add(new Kept(new FileSource(body, Files.readString(id)), rows));
        }
      }
    }
    return left;
  }

  /**
   * What waits of a flow.
   *
   * @param oldest when the one was written that has waited longest
   */
  public record Depth(int files, long bytes, Optional<Instant> oldest) {}

  /** How much waits of a flow, messages that are being collected too. */
  public Depth depth(String flow) throws IOException {
    Path flowFolder = folder.resolve(safe(flow));
    int files = 0;
    long bytes = 0;
    Instant oldest = null;
    if (!Files.isDirectory(flowFolder)) {
      return new Depth(0, 0, Optional.empty());
    }
    try (Stream<Path> entries = Files.list(flowFolder)) {
      for (Path file : entries.filter(Spool::holdsRecords).toList()) {
        BasicFileAttributes looks = looks(file);
        if (looks != null && looks.size() > 0) {
          files++;
          bytes += looks.size();
          Instant written = looks.lastModifiedTime().toInstant();
          oldest = oldest == null || written.isBefore(oldest) ? written : oldest;
        }
      }
    }
    return new Depth(files, bytes, Optional.ofNullable(oldest));
  }

  private static boolean holdsRecords(Path file) {
    String name = file.toString();
    return name.endsWith(BODY) || name.endsWith(ROWS) || name.endsWith(MessageSpool.OPEN);
  }

  /** Null for one that was delivered meanwhile. */
  private static BasicFileAttributes looks(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** The one of these that was stored last. */
  static Optional<Kept> newest(List<Kept> left) throws IOException {
    Kept newest = null;
    for (Kept each : left) {
      if (newest == null
          || each.source().stamp().modifiedNanos() >= newest.source().stamp().modifiedNanos()) {
        newest = each;
      }
    }
    return Optional.ofNullable(newest);
  }

  /** Forgets a body whose run is complete. */
  public void done(String flow, FileSource source) throws IOException {
    Path flowFolder = folder.resolve(safe(flow));
    Files.deleteIfExists(flowFolder.resolve(safe(source.id()) + BODY));
    Files.deleteIfExists(flowFolder.resolve(safe(source.id()) + ROWS));
    Files.deleteIfExists(flowFolder.resolve(safe(source.id()) + ID));
  }

  static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            java.util.Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(java.nio.ByteBuffer.wrap(bytes));
      channel.force(true);
    }
  }

  /** A file is only durable when its name in the folder is. */
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String safe(String name) {
    if (name.matches("[A-Za-z0-9_-]{1,80}")) {
      return name;
    }
    return HexFormat.of().formatHex(Sha256.of(name.getBytes(StandardCharsets.UTF_8)));
  }
}
