package io.waybill.clickhouse.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a server's output to a file of its own, for its owner only, since ClickHouse quotes rows
 * in its messages. At most two files of 10 million characters: the current one and the one before.
 */
final class ServerLog {
  private static final Logger LOG = LoggerFactory.getLogger(ServerLog.class);
  private static final long MAX_CHARACTERS = 10_000_000;
  private static final int KEPT_LINES = 20;

  private final Path file;
  private final Deque<String> lastLines = new ArrayDeque<>();

  ServerLog(Path file) {
    this.file = file;
  }

  /** Carries until the stream ends; to be run on a thread of its own. */
  void carry(InputStream output) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        line = fillOneFile(lines, line);
      }
    } catch (IOException e) {
      LOG.warn(
          "The embedded ClickHouse's output is no longer written to {}: {}", file, e.toString());
    }
  }

  private String fillOneFile(BufferedReader lines, String first) throws IOException {
    PrivateFiles.existing(file);
    String line = first;
    try (Writer writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND)) {
      long size = Files.size(file);
      while (line != null && size < MAX_CHARACTERS) {
        remember(line);
        writer.write(line + System.lineSeparator());
        writer.flush();
        size += line.length() + 1;
        line = lines.readLine();
      }
    }
    if (line != null) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return line;
  }

  private synchronized void remember(String line) {
    if (lastLines.size() == KEPT_LINES) {
      lastLines.removeFirst();
    }
    lastLines.addLast(line);
  }

  /** The last lines that came, oldest first. */
  synchronized String lastLines() {
    return String.join(System.lineSeparator(), lastLines);
  }
}
