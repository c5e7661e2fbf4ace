package io.waybill.testing;

import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kills this process by SIGKILL at a step, when {@code -Dwaybill.test.kill=STEP:N} says so: the
 * N-th time that the step is reached. The thread that reached it goes no further; others run on
 * until the signal comes.
 */
public final class KillAtStep implements FaultPoint {
  private static final String WHEN = System.getProperty("waybill.test.kill", "");
  private final AtomicInteger left = new AtomicInteger();
  private final Step step;

  /** As the system property says. */
  public KillAtStep() {
    String[] parts = WHEN.split(":", -1);
    step = WHEN.isEmpty() ? null : Step.valueOf(parts[0]);
    left.set(WHEN.isEmpty() ? 0 : Integer.parseInt(parts[1]));
  }

  @Override
  public void reached(Step reached) {
    if (reached == step && left.decrementAndGet() == 0) {
      kill();
    }
  }

  private static void kill() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
      new CountDownLatch(1).await();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
