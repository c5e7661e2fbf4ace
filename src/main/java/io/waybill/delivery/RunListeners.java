package io.waybill.delivery;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Several listeners as one; each hears everything, in this order. Thread-safe if they are. */
public final class RunListeners implements RunListener {
  private final List<RunListener> all;

  public RunListeners(List<RunListener> all) {
    this.all = List.copyOf(all);
  }

  private void tell(Consumer<RunListener> what) {
    all.forEach(what);
  }

  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {
    tell(each -> each.begun(run, unit, location, resumed));
  }

  @Override
  public void unchanged(Run run, Unit unit, String location) {
    tell(each -> each.unchanged(run, unit, location));
  }

  @Override
  public void stillFailed(Run run, Unit unit, String location) {
    tell(each -> each.stillFailed(run, unit, location));
  }

  @Override
  public void read(Run run, double fraction) {
    tell(each -> each.read(run, fraction));
  }

  @Override
  public void fetched(BatchPlan plan, Instant changed) {
    tell(each -> each.fetched(plan, changed));
  }

  @Override
  public void sending(BatchPlan plan) {
    tell(each -> each.sending(plan));
  }

  @Override
  public void sent(BatchPlan plan) {
    tell(each -> each.sent(plan));
  }

  @Override
  public void settled(Waybill waybill) {
    tell(each -> each.settled(waybill));
  }

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {
    tell(each -> each.ended(run, state, reason, remedy));
  }
}
