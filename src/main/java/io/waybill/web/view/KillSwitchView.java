package io.waybill.web.view;

import io.waybill.ledger.KillSwitchRow;
import io.waybill.policy.Environment;
import io.waybill.policy.Lined;
import java.util.List;

/** A kill switch that is on. */
public record KillSwitchView(
    @About("environment or flow") String kind,
    @About("of which") String name,
    @About("who ordered it; empty if it stands in the policy") String by,
    @About(value = "since when; null if it stands in the policy", maybe = true, time = true)
        String since,
    @About("why, as who ordered it says; may be empty") String reason,
    @About("line of the policy that it stands in; empty if it was ordered") String rule) {

  private static final String ENVIRONMENT = "environment";

  public static KillSwitchView of(KillSwitchRow row) {
    return new KillSwitchView(
        row.environment() ? ENVIRONMENT : "flow",
        row.name(),
        row.by(),
        Times.of(row.since()),
        row.reason(),
        "");
  }

  /** That of an environment, in the policy. */
  public static KillSwitchView of(Environment environment) {
    return new KillSwitchView(
        ENVIRONMENT,
        environment.name(),
        "",
        null,
        "",
        environment.killSwitch().map(Lined::place).orElse(""));
  }

  /** Whether it stops an environment, rather than a flow. */
  public boolean isOfEnvironment() {
    return kind.equals(ENVIRONMENT);
  }

  /** All that are on, and what else can be stopped. */
  public record Listing(
      @About("those that are on, in any order") List<KillSwitchView> killSwitches,
      @About("all environments, in the order of the policy") List<String> environments,
      @About("flows that are loaded, by name") List<String> flows) {
    public Listing {
      killSwitches = List.copyOf(killSwitches);
      environments = List.copyOf(environments);
      flows = List.copyOf(flows);
    }
  }
}
