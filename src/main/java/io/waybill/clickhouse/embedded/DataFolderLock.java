package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Only one process, and in it only one server, runs a data folder. Given up by {@link #close} and
 * by the process's death.
 */
final class DataFolderLock implements AutoCloseable {

  // Asked before the file is opened: closing any channel of a file gives up all locks that this
  // process has on it.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private DataFolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the folder.
   *
   * @throws EmbeddedClickHouseException if it is taken; the message names the owner's process
   */
  static DataFolderLock take(Path dataFolder) throws IOException {
    Path file = dataFolder.toRealPath().resolve("owner.lock");
    if (!HELD_HERE.add(file)) {
      throw taken(dataFolder, Long.toString(ProcessHandle.current().pid()));
    }
    try {
      return new DataFolderLock(file, lock(dataFolder, PrivateFiles.existing(file)));
    } catch (IOException | RuntimeException e) {
      HELD_HERE.remove(file);
      throw e;
    }
  }

  // the channel stays open for as long as the lock is held
  private static FileChannel lock(Path dataFolder, Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw taken(dataFolder, Files.readString(file).strip());
    }
    channel.truncate(0);
    String pid = Long.toString(ProcessHandle.current().pid());
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
    return channel;
  }

  private static EmbeddedClickHouseException taken(Path dataFolder, String pid) {
    return new EmbeddedClickHouseException(
        "The embedded ClickHouse in %s is already run by process %s. Stop that process, or use another home."
            .formatted(dataFolder, pid));
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD_HERE.remove(file);
  }
}
