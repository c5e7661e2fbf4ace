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

/** Only one process runs flows in a home. The lock goes with the process, however it ends. */
final class HomeLock implements AutoCloseable {
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
        String pid = Files.readString(file).strip();
        channel.close();
        throw new ConfigurationException(
            List.of(
                "process %s is running flows in %s already; stop it first"
                    .formatted(pid, home.folder())));
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
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
      return locked(channel) ? Optional.empty() : Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      throw new ConfigurationException(List.of("cannot read " + file + ": " + e.getMessage()));
    }
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
