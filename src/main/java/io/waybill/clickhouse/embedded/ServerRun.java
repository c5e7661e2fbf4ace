package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One server process, from its launch to its end. */
final class ServerRun {
  private static final long POLL_MILLIS = 10;
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(5);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
  private static final long LOG_PATIENCE_MILLIS = 1000;

  private final ServerLauncher launcher;
  private final Process process;
  private final ServerLog log;
  private final Thread logThread;
  private final ServerFiles files;

  private ServerRun(ServerLauncher launcher, Process process, ServerFiles files) {
    this.launcher = launcher;
    this.process = process;
    this.files = files;
    this.log = new ServerLog(files.log());
    this.logThread =
        new Thread(() -> log.carry(process.getInputStream()), "waybill-clickhouse-log");
    logThread.setDaemon(true);
    logThread.start();
  }

  static ServerRun launch(ServerLauncher launcher, ServerFiles files) throws IOException {
    return new ServerRun(launcher, launcher.launch(files), files);
  }

  /** Waits until the server answers; a server that does not in time is killed. */
  void awaitReady(String url, String password, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!HttpProbe.answers(url, ServerFiles.USER, password, PROBE_PATIENCE)) {
      if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new EmbeddedClickHouseException(
            "The embedded ClickHouse ended at its start with exit code %d.%s"
                .formatted(process.exitValue(), lastLines()));
      }
      if (System.nanoTime() - deadline > 0) {
        process.destroyForcibly();
        throw new EmbeddedClickHouseException(
            "The embedded ClickHouse did not answer on %s within %d s.%s"
                .formatted(url, timeout.toSeconds(), lastLines()));
      }
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  /** Stops it cleanly, and by force when that takes too long; its data survives both. */
  void stop() throws InterruptedException {
    launcher.requestStop(process);
    if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private String lastLines() throws InterruptedException {
    logThread.join(LOG_PATIENCE_MILLIS);
    String lines = log.lastLines();
    return lines.isBlank()
        ? " It wrote nothing; see " + files.log() + " for earlier runs."
        : " Its last lines, also in " + files.log() + ":" + System.lineSeparator() + lines;
  }
}
