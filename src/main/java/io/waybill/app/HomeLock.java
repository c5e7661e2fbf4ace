package io.waybill.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Only one process runs flows in a home. The lock goes with the process, however it ends. */
final class HomeLock implements AutoCloseable {
  private static final int READS = 100;
  private static final long PAUSE_NANOS = 10_000_000;
  private final FileChannel channel;

  private HomeLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws ConfigurationException naming the process that has it, or why it cannot be taken
   */
  static HomeLock take(Home home) {
    Path file = home.data().resolve("waybill.pid");
    try {
      Files.createDirectories(home.data());
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        String pid = pid(file);
        channel.close();
        throw new ConfigurationException(
            List.of(
                "process %s is running flows in %s already; stop it first"
                    .formatted(pid, home.folder())));
      }
      String pid = ProcessHandle.current().pid() + "\n";
      // the new number first, so that whoever is refused meanwhile never reads an empty file
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
      channel.truncate(pid.length());
      channel.force(true);
      return new HomeLock(channel);
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of("cannot write to " + home.data() + ": " + e.getMessage()));
    }
  }

  /** The process that runs flows in a home, if one does. */
  static Optional<String> holder(Home home) {
    Path file = home.data().resolve("waybill.pid");
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return locked(channel) ? Optional.empty() : Optional.of(pid(file));
    } catch (IOException e) {
      throw new ConfigurationException(List.of("cannot read " + file + ": " + e.getMessage()));
    }
  }

  /** Who has just taken the lock takes a moment to write its number; until then it is another's. */
  private static String pid(Path file) throws IOException {
    String pid = "";
    for (int i = 0; i < READS; i++) {
      pid = Files.readString(file).lines().findFirst().orElse("");
      if (pid.matches("\\d+") && ProcessHandle.of(Long.parseLong(pid)).isPresent()) {
        return pid;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return pid;
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another Waybill in this very process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
