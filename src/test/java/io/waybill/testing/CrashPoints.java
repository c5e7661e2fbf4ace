package io.waybill.testing;

import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Kills a server at exact calls of the C library, by {@code src/test/native/crashpoint.c}. Its
 * rules follow one another: the next one is armed when the server runs again. Thread-safe.
 */
public final class CrashPoints {
  private static final Path SOURCE = Path.of("src", "test", "native", "crashpoint.c");
  private final Path library;
  private final Path control;
  private final Deque<String> next = new ArrayDeque<>(); // guarded by this
  private int kills; // guarded by this

  private CrashPoints(Path library, Path control) {
    this.library = library;
    this.control = control;
  }

  /**
   * Compiles the library into {@code folder}.
   *
   * @throws IOException if there is no C compiler here, or it refuses
   */
  public static CrashPoints compile(Path folder) throws IOException {
    Path library = folder.resolve("crashpoint.so");
    Process gcc =
        new ProcessBuilder(
                List.of(
                    "gcc",
                    "-shared",
                    "-fPIC",
                    "-O2",
                    "-o",
                    library.toString(),
                    SOURCE.toString(),
                    "-ldl"))
            .redirectErrorStream(true)
            .start();
    String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (gcc.waitFor() != 0) {
        throw new IOException(said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return new CrashPoints(library, folder.resolve("crashpoint.rule"));
  }

  /** What the server must find in its environment. */
  public Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), "CRASHPOINT", control.toString());
  }

  /** Has the next rule armed whenever this server was started again. */
  public void follow(EmbeddedClickHouse server) {
    server.onRestart(address -> restarted());
  }

  private synchronized void restarted() {
    kills++;
    String rule = next.poll();
    if (rule != null) {
      write(rule);
    }
  }

  /** Arms the first of these rules now and each other one after the death by the one before. */
  public synchronized void arm(List<String> rules) {
    next.clear();
    next.addAll(rules);
    kills = 0;
    write(next.remove());
  }

  /** Whether a rule waits for its call. */
  public synchronized boolean isArmed() {
    return Files.exists(control) || !next.isEmpty();
  }

  /** Takes back what is armed. */
  public synchronized void disarm() {
    next.clear();
    try {
      Files.deleteIfExists(control);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often the server came back since {@link #arm}. */
  public synchronized int kills() {
    return kills;
  }

  private void write(String rule) {
    try {
      Path whole = Files.writeString(control.resolveSibling("crashpoint.next"), rule);
      Files.move(whole, control, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
