package io.waybill.camel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A file that messages are collected in: their rows one after the other as they are delivered, and
 * beside it a journal with one line per group of messages that went to disk together. The rows of a
 * group are durable before its line is, so that what no line covers was never acknowledged. Used by
 * one thread.
 */
final class MessageFile implements Closeable {
  private final String id;
  private final Path rows;
  private final FileChannel rowChannel;
  private final FileChannel journalChannel;
  private final Instant began;
  private long bytes;
  private long count;

  /**
   * Makes both files.
   *
   * @param id of the source that it is to be delivered as
   */
  MessageFile(String id, Path rows, Path journal, Instant began) throws IOException {
    this.id = id;
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
    for (ByteBuffer each : messages) {
      end += each.remaining();
      writeFully(rowChannel, each.duplicate());
    }
    rowChannel.force(false);
    writeFully(journalChannel, ByteBuffer.wrap(MessageJournal.line(end, ids)));
    journalChannel.force(false);
    bytes = end;
    for (ByteBuffer each : messages) {
      count += lines(each);
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
    long end = Files.exists(journal) ? MessageJournal.read(journal).end() : 0;
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
}
