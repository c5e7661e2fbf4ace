package io.waybill.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a process that serves is. It lives as long as it can tell this; that it is not well is no
 * reason to start it anew.
 *
 * @param ready whether the ledger is open, ClickHouse has answered since the start, and the flows
 *     were started
 * @param checks ledger, ClickHouse, audit trail, route files, policy
 * @param flows the flows that are to run, by name
 */
public record Health(boolean ready, List<Check> checks, List<Flow> flows) {

  /** How it is as a whole. */
  public enum Status {
    /** All is well. */
    UP,
    /** Something waits for a person or a server; other things run. */
    DEGRADED,
    /** The ledger cannot be used, or no flow runs. */
    DOWN
  }

  /** Name of the check whose failing stops everything. */
  public static final String LEDGER = "ledger";

  /**
   * Something that all flows need.
   *
   * @param up whether it is well
   * @param reason what is the matter; empty if it is well
   * @param remedy what a person can do; may be empty
   */
  public record Check(String name, boolean up, String reason, String remedy) {
    /** One that is well. */
    public static Check well(String name) {
      return new Check(name, true, "", "");
    }
  }

  /**
   * A flow.
   *
   * @param up whether it runs
   * @param reason why not; empty if it runs
   * @param remedy what a person can do; may be empty
   * @param since since when it is held
   */
  public record Flow(
      String name, boolean up, String reason, String remedy, Optional<Instant> since) {}

  public Health {
    checks = List.copyOf(checks);
    flows = List.copyOf(flows);
  }

  /** How it is as a whole. */
  public Status status() {
    boolean ledger = checks.stream().filter(each -> each.name().equals(LEDGER)).allMatch(Check::up);
    boolean some = flows.isEmpty() || flows.stream().anyMatch(Flow::up);
    if (!ledger || !some) {
      return Status.DOWN;
    }
    boolean all = checks.stream().allMatch(Check::up) && flows.stream().allMatch(Flow::up);
    return all ? Status.UP : Status.DEGRADED;
  }
}
