package io.waybill.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Signed heads beside the ledger, one a line, so that a trail that was cut off is found out
 * although its last heads went with it; better still in a copy elsewhere. Not thread-safe.
 */
public final class HeadFile {
  /** Its name within the folder of the trail. */
  public static final String NAME = "heads.ndjson";

  private static final ObjectMapper JSON = new ObjectMapper();
  private final Path file;

  /** In this folder. */
  public HeadFile(Path folder) {
    this.file = folder.resolve(NAME);
  }

  /** Adds a head; it is on disk when this returns. A line that a crash left behind is ended. */
  public void add(SignedHead head) throws IOException {
    OwnFolder.make(file.toAbsolutePath().getParent());
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      String line = (endsWithLine(channel) ? "" : "\n") + head.toJson() + "\n";
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      long end = channel.size();
      while (bytes.hasRemaining()) {
        end += channel.write(bytes, end);
      }
      channel.force(true);
    }
  }

  private static boolean endsWithLine(FileChannel channel) throws IOException {
    if (channel.size() == 0) {
      return true;
    }
    ByteBuffer last = ByteBuffer.allocate(1);
    return channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n';
  }

  /** All heads in it, the oldest first; none if there is no file. */
  public List<SignedHead> all() throws IOException {
    return Files.exists(file) ? read(file) : List.of();
  }

  /** The heads in a file such as this one; lines that are none, as a crash leaves, are left out. */
  public static List<SignedHead> read(Path file) throws IOException {
    List<SignedHead> heads = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      parse(line).ifPresent(heads::add);
    }
    return heads;
  }

  private static Optional<SignedHead> parse(String line) {
    try {
      return line.isBlank() ? Optional.empty() : Optional.of(SignedHead.of(JSON.readTree(line)));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // the ledger tells of that head too, or it was never given
    }
  }
}
