package io.waybill.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The terminal while {@code top} has it: keys come at once and are not echoed; {@link #close} puts
 * it back as it was. What {@code stty} does not know of is taken for 80 columns and 24 lines.
 */
final class TopScreen implements AutoCloseable {
  private static final int COLUMNS = 80;
  private static final int LINES = 24;
  private static final String CLEAR = "\u001b[H\u001b[J";
  private static final String OWN_SCREEN = "\u001b[?1049h\u001b[?25l";
  private static final String SCREEN_OF_BEFORE = "\u001b[?25h\u001b[?1049l";
  private static final long KEY_MILLIS = 50;
  private final InputStream keys;
  private final String before;
  private int from;

  /** Keys that mean something. */
  enum Key {
    QUIT,
    UP,
    DOWN,
    NONE
  }

  TopScreen(InputStream keys) {
    this.keys = keys;
    this.before = stty("-g").strip();
    var unused = stty("-icanon -echo min 0 time 0");
  }

  String begin() {
    return OWN_SCREEN;
  }

  String end() {
    return SCREEN_OF_BEFORE;
  }

  /** What is to be printed to show this, as much of it as there is room for. */
  String show(String head, List<String> lines) {
    int columns = size(1, COLUMNS);
    int room = Math.max(1, size(0, LINES) - 3);
    from = Math.max(0, Math.min(from, lines.size() - room));
    StringBuilder text = new StringBuilder(CLEAR);
    text.append(cut(head, columns)).append("\r\n\r\n");
    lines.stream()
        .skip(from)
        .limit(room - 1L)
        .forEach(line -> text.append(cut(line, columns)).append("\r\n"));
    return text.append(cut("q: quit  arrows: scroll", columns)).toString();
  }

  private static String cut(String line, int columns) {
    return line.length() > columns ? line.substring(0, columns) : line;
  }

  private static int size(int part, int otherwise) {
    String[] parts = stty("size").strip().split(" ", -1);
    return parts.length == 2 && parts[part].matches("[1-9]\\d{0,4}")
        ? Integer.parseInt(parts[part])
        : otherwise;
  }

  /** Waits so long for a key; scrolls by itself. */
  Key key(long millis) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      if (keys.available() > 0) {
        Key key = key(new String(keys.readNBytes(keys.available()), StandardCharsets.US_ASCII));
        if (key != Key.NONE) {
          from += key == Key.DOWN ? 1 : key == Key.UP ? -1 : 0;
          return key;
        }
      }
      TimeUnit.MILLISECONDS.sleep(KEY_MILLIS);
    }
    return Key.NONE;
  }

  /** What was typed; several keys at a time count as the last of them. */
  static Key key(String typed) {
    if (typed.contains("q") || typed.contains("\u0003")) {
      return Key.QUIT;
    }
    if (typed.endsWith("\u001b[A") || typed.endsWith("\u001bOA") || typed.endsWith("k")) {
      return Key.UP;
    }
    return typed.endsWith("\u001b[B") || typed.endsWith("\u001bOB") || typed.endsWith("j")
        ? Key.DOWN
        : Key.NONE;
  }

  private static String stty(String what) {
    try {
      Process process =
          new ProcessBuilder("sh", "-c", "stty " + what + " </dev/tty")
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return process.waitFor() == 0 ? said : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  @Override
  public void close() {
    if (before.matches("[0-9a-f:]+")) {
      var unused = stty(before);
    }
  }
}
