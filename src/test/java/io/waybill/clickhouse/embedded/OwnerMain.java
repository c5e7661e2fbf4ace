package io.waybill.clickhouse.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process of its own that runs an embedded server until it is killed. */
final class OwnerMain {
  private OwnerMain() {}

  public static void main(String[] args) throws InterruptedException {
    EmbeddedSettings settings = EmbeddedSettings.in(Path.of(args[0]));
    EmbeddedClickHouse.start(args.length == 1 ? settings : settings.withBinary(args[1]));
    Thread.currentThread().join();
  }

  static Process start(Path dataFolder) throws IOException {
    return startMain(OwnerMain.class, dataFolder.toString());
  }

  static Process start(Path dataFolder, String binary) throws IOException {
    return startMain(OwnerMain.class, dataFolder.toString(), binary);
  }

  /**
   * Runs the main class of a test with this test's class path; its output goes to a file beside the
   * class files.
   */
  static Process startMain(Class<?> main, String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName());
    builder.command().addAll(List.of(arguments));
    File log = new File("target", main.getSimpleName() + ".log");
    return builder.redirectErrorStream(true).redirectOutput(log).start();
  }
}
