package io.waybill.app;

import io.waybill.camel.AlertRoute.Alert;
import io.waybill.camel.FlowHold;
import io.waybill.camel.HoldListener;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import io.waybill.secret.Redaction;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people of failed runs, held flows, flows that are late and dead letters: once a flow and
 * cause until that changes, once a run for dead letters. On a thread of its own, so that no
 * delivery waits for it; what cannot be told is in the log. Thread-safe.
 */
final class Alerts implements RunListener, HoldListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
  private static final int QUEUE = 1000;
  private static final long PATIENCE_SECONDS = 5;
  private static final String FAILED = "failed";
  private static final String HELD = "held";
  private static final String LATE = "late";
  private static final String DEAD_LETTERS = "dead_letters";
  private final Consumer<Alert> way;
  private final Map<Cause, String> told = new ConcurrentHashMap<>();
  private final Map<String, Long> dead = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUE),
          task -> {
            Thread daemon = new Thread(task, "waybill-alert");
            daemon.setDaemon(true);
            return daemon;
          });

  private record Cause(String kind, String flow) {}

  /**
   * By this way.
   *
   * @param way tells somebody; may be slow and must not throw
   */
  Alerts(Consumer<Alert> way) {
    this.way = way;
  }

  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {
    // nobody needs to act
  }

  @Override
  public void unchanged(Run run, Unit unit, String location) {
    // nobody needs to act
  }

  @Override
  public void read(Run run, double fraction) {
    // nobody needs to act
  }

  @Override
  public void settled(Waybill waybill) {
    if (waybill.deadRows() > 0) {
      dead.merge(waybill.plan().run(), waybill.deadRows(), Long::sum);
    }
  }

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {
    if (state == RunState.HELD) {
      return; // its flow is held, or Waybill stops: it goes on with what was counted
    }
    Long rows = dead.remove(run.id());
    if (rows != null) {
      tell(
          new Alert(
              DEAD_LETTERS,
              run.flow(),
              run.id(),
              rows == 1 ? "1 row was refused" : rows + " rows were refused",
              "./waybill dead-letters list --run " + run.id()));
    }
    if (state == RunState.FAILED) {
      tellOnce(new Alert(FAILED, run.flow(), run.id(), reason, remedy));
    } else if (state.isComplete()) {
      told.remove(new Cause(FAILED, run.flow()));
      told.remove(new Cause(LATE, run.flow()));
    }
  }

  @Override
  public void held(FlowHold hold) {
    tellOnce(new Alert(HELD, hold.flow(), "", hold.reason(), hold.remedy()));
  }

  @Override
  public void released(String flow) {
    told.remove(new Cause(HELD, flow));
  }

  /**
   * A flow missed its deadline.
   *
   * @param run the run that is late; empty if none began
   */
  void late(String flow, String run, String reason, String remedy) {
    tellOnce(new Alert(LATE, flow, run, reason, remedy));
  }

  /** A flow was started and failed before a run of it began. */
  void failed(String flow, String reason, String remedy) {
    tellOnce(new Alert(FAILED, flow, "", reason, remedy));
  }

  private void tellOnce(Alert alert) {
    if (!alert.reason().equals(told.put(new Cause(alert.kind(), alert.flow()), alert.reason()))) {
      tell(alert);
    }
  }

  private void tell(Alert alert) {
    Alert masked =
        new Alert(
            alert.kind(),
            alert.flow(),
            alert.run(),
            Redaction.mask(alert.reason()),
            Redaction.mask(alert.remedy()));
    try {
      thread.execute(() -> way.accept(masked));
    } catch (RejectedExecutionException e) {
      LOG.warn("flow {}: an alert is not told: {}", masked.flow(), masked.reason());
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{} alerts are not told any more", thread.shutdownNow().size() + 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.shutdownNow();
    }
  }
}
