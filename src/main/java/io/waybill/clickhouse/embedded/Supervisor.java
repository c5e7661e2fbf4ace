package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one server running on a data folder: starts it, waits for its end, starts it again, and
 * gives up when that is no use.
 */
final class Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  private static final Duration LONG_LIFE = Duration.ofSeconds(10);
  private static final long FIRST_BACK_OFF_MILLIS = 100;
  private static final int MAX_DOUBLINGS = 4;

  private final EmbeddedSettings settings;
  private final ServerLauncher launcher;
  private final ServerFiles files;
  private final String password;
  private final Consumer<ServerAddress> onRestart;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread watch = new Thread(this::watch, "waybill-clickhouse-watch");

  private ServerRun run; // guarded by this
  private volatile ServerAddress address;
  private volatile boolean ready;
  private volatile String failure;

  Supervisor(
      EmbeddedSettings settings,
      ServerLauncher launcher,
      String password,
      Consumer<ServerAddress> onRestart) {
    this.settings = settings;
    this.launcher = launcher;
    this.files = new ServerFiles(settings.dataFolder(), settings.extras());
    this.password = password;
    this.onRestart = onRestart;
    watch.setDaemon(true);
  }

  /** Starts the server and returns when it answers. */
  void start() throws IOException, InterruptedException {
    launcher.provide();
    Orphan.end(files);
    startServer(0);
    watch.start();
  }

  ServerAddress address() {
    return address;
  }

  boolean isRunning() {
    ServerRun current = current();
    return ready && current != null && current.isAlive();
  }

  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  private synchronized ServerRun current() {
    return run;
  }

  private void startServer(int wantedPort) throws IOException, InterruptedException {
    int port = Ports.free(wantedPort);
    files.prepare(port, password, launcher.localUser());
    ServerRun next = launch();
    String url = "http://127.0.0.1:" + port;
    next.awaitReady(url, password, settings.startTimeout());
    address =
        new ServerAddress(
            url, ServerFiles.USER, password, port, next.pid(), ProcessHandle.current().pid());
    RunningServer.write(settings.dataFolder(), address);
    ready = true;
  }

  // together with stop(): a server is either seen and stopped by it, or never launched
  private synchronized ServerRun launch() throws IOException, InterruptedException {
    if (stopping.getCount() == 0) {
      throw new InterruptedException("stopping");
    }
    run = ServerRun.launch(launcher, files);
    return run;
  }

  private void watch() {
    try {
      int quickDeaths = 0;
      while (failure == null) {
        long started = System.nanoTime();
        int exitCode = current().awaitEnd();
        ready = false;
        if (stopping.getCount() == 0) {
          return;
        }
        boolean quick = System.nanoTime() - started < LONG_LIFE.toNanos();
        quickDeaths = quick ? quickDeaths + 1 : 1;
        bringBack(exitCode, quickDeaths);
      }
    } catch (InterruptedException stopped) {
      LOG.debug("The watch over the embedded ClickHouse ends");
    }
  }

  private void bringBack(int exitCode, int quickDeaths) throws InterruptedException {
    if (quickDeaths > settings.maxQuickDeaths()) {
      giveUp(
          "it ended %d times shortly after its start, last with exit code %d"
              .formatted(quickDeaths, exitCode));
      return;
    }
    if (stopping.await(backOffMillis(quickDeaths), TimeUnit.MILLISECONDS)) {
      return;
    }
    String before = address.url();
    try {
      startServer(address.port());
      LOG.warn(
          "The embedded ClickHouse ended with exit code {} and was started again on {}{}; its data is as it was",
          exitCode,
          address.url(),
          before.equals(address.url()) ? "" : ", another port, because somebody took " + before);
      onRestart.accept(address);
    } catch (IOException e) {
      giveUp("it ended with exit code %d and cannot be started again: %s".formatted(exitCode, e));
    } catch (EmbeddedClickHouseException e) {
      // the next turn sees the end of this attempt as one more quick death
      LOG.warn("The embedded ClickHouse could not be started again: {}", e.getMessage());
    }
  }

  private static long backOffMillis(int quickDeaths) {
    int doublings = Math.min(quickDeaths - 1, MAX_DOUBLINGS);
    return FIRST_BACK_OFF_MILLIS << doublings;
  }

  private void giveUp(String reason) {
    failure =
        "The embedded ClickHouse in %s is down: %s. See %s, then start Waybill again."
            .formatted(settings.dataFolder(), reason, files.log());
    LOG.error("{}", failure);
  }

  /** Stops the server for good and removes its note. */
  void stop() throws InterruptedException, IOException {
    ServerRun last;
    synchronized (this) {
      stopping.countDown();
      last = run;
    }
    ready = false;
    if (last != null) {
      last.stop();
    }
    watch.join();
    RunningServer.remove(settings.dataFolder());
  }
}
