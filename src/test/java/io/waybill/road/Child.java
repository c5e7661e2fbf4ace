package io.waybill.road;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** {@code waybill run} as a process of its own, so that it can be killed. */
final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private final Process process;
  private final Path output;

  private Child(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static Child start(Path home, String... options) {
    List<String> arguments = new ArrayList<>(List.of("run"));
    arguments.addAll(List.of(options));
    return command(home, List.of(), List.of(), arguments);
  }

  /**
   * Any command of Waybill.
   *
   * @param before what the process is started by, as a shell with limits
   * @param java options of Java
   */
  static Child command(Path home, List<String> before, List<String> java, List<String> arguments) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(java);
    command.add("io.waybill.cli.Main");
    command.addAll(arguments);
    command.addAll(List.of("--home", home.toString()));
    try {
      Path output = home.resolve("child.out");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().keySet().removeIf(name -> name.startsWith("WAYBILL_"));
      builder.directory(home.toFile()).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
      return new Child(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL; returns when it is dead. */
  void kill9() {
    process.destroyForcibly();
    awaitEnd(PATIENCE);
  }

  /** SIGTERM, as Ctrl-C of an operator's shell or a service manager's stop. */
  void terminate() {
    process.destroy();
  }

  /** Its exit code, once it ended by itself. */
  int exitCode() {
    return awaitEnd(PATIENCE);
  }

  /** Its exit code, if it ends in time. */
  int awaitEnd(Duration atMost) {
    Awaitility.await("end of the child; " + output).atMost(atMost).until(() -> !process.isAlive());
    return process.exitValue();
  }

  /** What it and those before it printed. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
