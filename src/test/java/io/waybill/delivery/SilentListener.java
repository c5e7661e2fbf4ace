package io.waybill.delivery;

/** Hears nothing. */
final class SilentListener implements RunListener {
  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {}

  @Override
  public void unchanged(Run run, Unit unit, String location) {}

  @Override
  public void read(Run run, double fraction) {}

  @Override
  public void settled(Waybill waybill) {}

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {}
}
