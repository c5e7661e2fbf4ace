package io.waybill.app;

import io.waybill.camel.RouteTriggers;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.util.function.Supplier;

/** Tells triggers what happens to runs, and then another listener. Thread-safe. */
final class TriggerListener implements RunListener {
  private final RunListener next;
  private final RouteTriggers routes;
  private final Supplier<Triggers> triggers;

  TriggerListener(RunListener next, RouteTriggers routes, Supplier<Triggers> triggers) {
    this.next = next;
    this.routes = routes;
    this.triggers = triggers;
  }

  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {
    routes.begun(run.flow());
    triggers.get().begun(run);
    next.begun(run, unit, location, resumed);
  }

  @Override
  public void unchanged(Run run, Unit unit, String location) {
    next.unchanged(run, unit, location);
  }

  @Override
  public void stillFailed(Run run, Unit unit, String location) {
    next.stillFailed(run, unit, location);
  }

  @Override
  public void read(Run run, double fraction) {
    next.read(run, fraction);
  }

  @Override
  public void settled(Waybill waybill) {
    next.settled(waybill);
  }

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {
    next.ended(run, state, reason, remedy);
    triggers.get().ended(run);
  }
}
