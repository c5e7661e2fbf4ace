package io.waybill.app;

import io.waybill.camel.RouteTriggers;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.util.function.Supplier;

/** Tells triggers what happens to runs. Thread-safe. */
final class TriggerListener implements RunListener {
  private final RouteTriggers routes;
  private final Supplier<Triggers> triggers;

  TriggerListener(RouteTriggers routes, Supplier<Triggers> triggers) {
    this.routes = routes;
    this.triggers = triggers;
  }

  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {
    routes.begun(run.flow());
    triggers.get().begun(run);
  }

  @Override
  public void unchanged(Run run, Unit unit, String location) {
    // no run of the trigger
  }

  @Override
  public void read(Run run, double fraction) {
    // the run's end tells
  }

  @Override
  public void settled(Waybill waybill) {
    // the run's end tells
  }

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {
    triggers.get().ended(run);
  }
}
