package io.waybill.app;

import io.waybill.delivery.LedgerException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that looks after triggers; what fails on it does not end it. Thread-safe. */
final class TriggerTimer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TriggerTimer.class);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(daemons("waybill-triggers"));
  private final AtomicInteger waiting = new AtomicInteger();

  /** Makes threads that do not keep a process alive. */
  static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Does something later; at once if the time is over. */
  void after(Duration delay, Runnable work) {
    var unused = thread.schedule(guarded(work), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does something again and again. */
  void every(Duration pause, Runnable work) {
    var unused =
        thread.scheduleWithFixedDelay(guarded(work), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does something next. */
  void soon(Runnable work) {
    waiting.incrementAndGet();
    try {
      thread.execute(
          () -> {
            try {
              guarded(work).run();
            } finally {
              waiting.decrementAndGet();
            }
          });
    } catch (RejectedExecutionException e) {
      waiting.decrementAndGet(); // it was closed meanwhile; the next start looks
    }
  }

  /** Whether nothing is to be done {@link #soon}. */
  boolean isIdle() {
    return waiting.get() == 0;
  }

  private static Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (LedgerException e) {
        LOG.warn("triggers cannot be seen to now: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("a trigger was not seen to", e);
      }
    };
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
