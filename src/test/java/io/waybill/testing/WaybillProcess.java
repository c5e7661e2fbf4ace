package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Waybill's command line as a process of its own, as users run it. */
public final class WaybillProcess {
  private static final long PATIENCE_SECONDS = 120;
  private static final String MAIN = "io.waybill.cli.Main";

  private WaybillProcess() {}

  /** What a command said, and how it ended. */
  public record Result(int exitCode, String out, String err) {
    /** Both streams, for messages that may come on either. */
    public String all() {
      return out + err;
    }

    /** Fails on a stack trace: those belong into the log file. */
    public Result withoutStackTrace() {
      assertThat(all())
          .doesNotContainPattern("(?m)^\\s+at [\\w.$/]+\\(")
          .doesNotContain("Caused by");
      return this;
    }
  }

  /** Starts a command in this home, with both streams in files of that folder. */
  public static Process start(Path home, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(home.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("WAYBILL_HOME"));
    builder.environment().putAll(environment);
    builder.redirectOutput(home.resolve("stdout").toFile());
    builder.redirectError(home.resolve("stderr").toFile());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  public static Result run(Path home, Map<String, String> environment, String... arguments) {
    Process process = start(home, environment, arguments);
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("it ends; until now it said %s", new Said(home))
          .isTrue();
      return new Result(process.exitValue(), read(home, "stdout"), read(home, "stderr"));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** As {@link #run(Path, Map, String...)} with nothing in the environment. */
  public static Result run(TestHome home, String... arguments) {
    return run(home.folder(), Map.of(), arguments);
  }

  /** What a process in this home has said up to now. */
  public static String said(Path home) {
    return read(home, "stdout") + read(home, "stderr");
  }

  private static String read(Path home, String stream) {
    try {
      return Files.readString(home.resolve(stream), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Said(Path home) {
    @Override
    public String toString() {
      return said(home);
    }
  }
}
