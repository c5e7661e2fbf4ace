package io.waybill.app;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.QueryFailedException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks the default ClickHouse from time to time whether it is there, so that nobody who wants to
 * know has to wait for one that hangs. Thread-safe.
 */
final class ClickHousePulse implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private final ClickHouseClient client;
  private final ScheduledExecutorService thread;
  private volatile String trouble = "it was not asked yet";
  private volatile boolean everAnswered;

  private ClickHousePulse(ClickHouseClient client) {
    this.client = client;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, "waybill-pulse");
              daemon.setDaemon(true);
              return daemon;
            });
  }

  static ClickHousePulse start(ClickHouseClient client) {
    ClickHousePulse pulse = new ClickHousePulse(client);
    var unused =
        pulse.thread.scheduleWithFixedDelay(pulse::ask, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    return pulse;
  }

  private void ask() {
    try {
      var unused = client.lines("SELECT 1");
      everAnswered = true;
      trouble = "";
    } catch (QueryFailedException e) {
      trouble = e.getMessage();
    } catch (RuntimeException e) {
      trouble = "it cannot be asked: " + e.getClass().getName();
    }
  }

  /** Why it did not answer last time; empty if it did. */
  String trouble() {
    return trouble;
  }

  /** Whether it answered once since the start. */
  boolean everAnswered() {
    return everAnswered;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
