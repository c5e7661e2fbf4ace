package io.waybill.ledger;

import java.time.Instant;

/**
 * A kill switch that is on by order.
 *
 * @param environment whether it is that of an environment, else of a flow
 * @param name of the environment or flow
 * @param by who ordered it
 * @param since since when
 * @param reason why; may be empty
 */
public record KillSwitchRow(
    boolean environment, String name, String by, Instant since, String reason) {
  static final String ENVIRONMENT = "environment";
  static final String FLOW = "flow";

  String kind() {
    return environment ? ENVIRONMENT : FLOW;
  }

  /** As people read it: {@code environment production}. */
  @Override
  public String toString() {
    return kind() + " " + name;
  }
}
