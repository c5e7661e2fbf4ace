package io.waybill.camel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What the journal beside collected messages says. Rows and journal go to disk at the same time, so
 * that a line counts only if the rows are there that it was written for.
 *
 * @param end how many bytes of their rows are durable
 * @param ids of the messages that have one, oldest first
 */
record MessageJournal(long end, List<MessageId> ids) {

  /**
   * A line: where the rows of a group end, their check sum, the ids of its messages, and a check
   * sum of all that.
   */
  static byte[] line(long end, long rowSum, List<MessageId> ids) {
    StringBuilder line = new StringBuilder(end + " " + Long.toHexString(rowSum));
    ids.forEach(id -> line.append(' ').append(id));
    return (line + " " + sum(line.toString()) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Reads up to the first line that is not whole. */
  static MessageJournal read(Path file) throws IOException {
    return read(file, (from, to, sum) -> true);
  }

  /** Whether the rows from one byte to another have this check sum. */
  interface Rows {
    boolean have(long from, long to, long sum) throws IOException;
  }

  /** Reads up to the first line that is not whole, or whose rows are not there. */
  static MessageJournal read(Path file, Rows rows) throws IOException {
    long end = 0;
    List<MessageId> ids = new ArrayList<>();
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1)) {
      int space = line.lastIndexOf(' ');
      if (space < 0 || !sum(line.substring(0, space)).equals(line.substring(space + 1))) {
        break;
      }
      String[] words = line.substring(0, space).split(" ", -1);
      long next = Long.parseLong(words[0]);
      if (!rows.have(end, next, Long.parseUnsignedLong(words[1], 16))) {
        break;
      }
      end = next;
      Arrays.stream(words).skip(2).map(MessageId::parse).forEach(ids::add);
    }
    return new MessageJournal(end, ids);
  }

  private static String sum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
