package io.waybill.camel;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.zip.CRC32;

/**
 * A file that messages are collected in: their rows one after the other as they are delivered, and
 * beside it a journal with one line per group of messages that went to disk together. What no line
 * covers, or a line whose rows are not there, was never acknowledged. Used by one thread.
 */
final class MessageFile implements Closeable {
  private final String id;
  private final Path rows;
  private final FileChannel rowChannel;
  private final FileChannel journalChannel;
  private final Instant began;
  private final ExecutorService syncing;
  private long bytes;
  private long count;

  /**
   * Makes both files.
   *
   * @param id of the source that it is to be delivered as
   * @param syncing a thread to wait for one of two disk writes
   */
  MessageFile(String id, Path rows, Path journal, Instant began, ExecutorService syncing)
      throws IOException {
    this.id = id;
    this.syncing = syncing;
    this.rows = rows;
    this.began = began;
    this.rowChannel = create(rows);
    try {
      this.journalChannel = create(journal);
    } catch (IOException e) {
      rowChannel.close();
      throw e;
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /**
   * Writes a group of messages; they are durable when this returns, and none is if it throws.
   *
   * @param messages the rows of each
   * @param ids what identifies those that have an id
   */
  void write(List<ByteBuffer> messages, List<MessageId> ids) throws IOException {
    long end = bytes;
    CRC32 sum = new CRC32();
    for (ByteBuffer each : messages) {
      end += each.remaining();
      sum.update(each.duplicate());
      writeFully(rowChannel, each.duplicate());
    }
    writeFully(journalChannel, ByteBuffer.wrap(MessageJournal.line(end, sum.getValue(), ids)));
    forceBoth();
    bytes = end;
    for (ByteBuffer each : messages) {
      count += lines(each);
    }
  }

  /** At the same time, which takes hardly longer than one of them. */
  private void forceBoth() throws IOException {
    Future<?> journal =
        syncing.submit(
            () -> {
              journalChannel.force(false);
              return null;
            });
    try {
      rowChannel.force(false);
    } finally {
      await(journal);
    }
  }

  private static void await(Future<?> sync) throws IOException {
    try {
      sync.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** How many rows these are. */
  static long lines(ByteBuffer rows) {
    long lines = 0;
    for (int i = rows.position(); i < rows.limit(); i++) {
      lines += rows.get(i) == '\n' ? 1 : 0;
    }
    return lines;
  }

  String id() {
    return id;
  }

  Path rows() {
    return rows;
  }

  /** Bytes that are durable. */
  long bytes() {
    return bytes;
  }

  /** Rows that are durable. */
  long count() {
    return count;
  }

  Instant began() {
    return began;
  }

  @Override
  public void close() throws IOException {
    try (journalChannel) {
      rowChannel.close();
    }
  }

  /**
   * Cuts a file that was left open down to what its journal covers.
   *
   * @return whether anything is left; else both are gone
   */
  static boolean recover(Path rows, Path journal) throws IOException {
    long end = Files.exists(journal) ? durable(rows, journal) : 0;
    if (end == 0) {
      Files.deleteIfExists(rows);
      Files.deleteIfExists(journal);
      return false;
    }
    try (FileChannel channel = FileChannel.open(rows, StandardOpenOption.WRITE)) {
      channel.truncate(end);
      channel.force(true);
    }
    return true;
  }

  private static long durable(Path rows, Path journal) throws IOException {
    try (FileChannel channel = FileChannel.open(rows, StandardOpenOption.READ)) {
      return MessageJournal.read(journal, (from, to, sum) -> sum == sum(channel, from, to)).end();
    }
  }

  /** Of what is there of a range; a file that is shorter gives another one. */
  private static long sum(FileChannel channel, long from, long to) throws IOException {
    CRC32 sum = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    long at = from;
    while (at < to) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
      int got = channel.read(buffer, at);
      if (got < 0) {
        return -1;
      }
      sum.update(buffer.flip());
      at += got;
    }
    return sum.getValue();
  }
}
