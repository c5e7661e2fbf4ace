package io.waybill.camel;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.time.Instant;

/**
 * Marks the log lines of every thread that works for a run with flow, run and batch (keys {@code
 * flow}, {@code run}, {@code batch} of the logging context), and passes on what it hears.
 * Thread-safe.
 */
public final class LogMarks implements RunListener {
  private static final ThreadLocal<LogScope> SENDING = new ThreadLocal<>();
  private final RunListener then;

  public LogMarks(RunListener then) {
    this.then = then;
  }

  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {
    LogScope.run(run.id());
    LogScope scope = LogScope.of(run.flow(), run.id());
    try (scope) {
      then.begun(run, unit, location, resumed);
    }
  }

  @Override
  public void unchanged(Run run, Unit unit, String location) {
    LogScope scope = LogScope.of(run.flow(), run.id());
    try (scope) {
      then.unchanged(run, unit, location);
    }
  }

  @Override
  public void stillFailed(Run run, Unit unit, String location) {
    LogScope scope = LogScope.of(run.flow(), run.id());
    try (scope) {
      then.stillFailed(run, unit, location);
    }
  }

  @Override
  public void read(Run run, double fraction) {
    then.read(run, fraction);
  }

  @Override
  public void fetched(BatchPlan plan, Instant changed) {
    LogScope.run(plan.run());
    then.fetched(plan, changed);
  }

  @Override
  public void sending(BatchPlan plan) {
    SENDING.set(LogScope.of(plan.flow(), plan.run(), plan.id()));
    then.sending(plan);
  }

  @Override
  public void sent(BatchPlan plan) {
    then.sent(plan);
    SENDING.get().close();
    SENDING.remove();
  }

  @Override
  public void settled(Waybill waybill) {
    then.settled(waybill);
  }

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {
    LogScope scope = LogScope.of(run.flow(), run.id());
    try (scope) {
      then.ended(run, state, reason, remedy);
    }
  }
}
