package io.waybill.web.view;

import io.waybill.ledger.KillSwitchRow;
import java.util.List;

/** A kill switch that is on. */
public record KillSwitchView(
    @About("environment or flow") String kind,
    @About("of which") String name,
    @About("who ordered it") String by,
    @About(value = "since when", time = true) String since) {

  public static KillSwitchView of(KillSwitchRow row) {
    return new KillSwitchView(
        row.environment() ? "environment" : "flow", row.name(), row.by(), Times.of(row.since()));
  }

  /** All that are on. */
  public record Listing(@About("in any order") List<KillSwitchView> killSwitches) {
    public Listing {
      killSwitches = List.copyOf(killSwitches);
    }
  }
}
