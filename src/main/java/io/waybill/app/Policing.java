package io.waybill.app;

import io.waybill.camel.FlowHolds;
import io.waybill.camel.FlowRights;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.clickhouse.Finding;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import io.waybill.ledger.JdbcLedger;
import io.waybill.policy.Policy;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.CamelContext;

/**
 * The policy at work in the process that runs flows: flows are asked of it before they do anything,
 * and looked at again when it changes. Thread-safe.
 */
final class Policing {
  private final LivePolicies policies;
  private final CamelContext context;
  private final FlowHolds holds;
  private final JdbcLedger ledger;
  private final Clock clock;
  private final PolicyRights rights;
  private final PolicyNotes notes;
  private final KillSwitches kills;
  private volatile RouteFiles routes;
  private volatile FlowGate gate;

  Policing(
      LivePolicies policies,
      CamelContext context,
      FlowHolds holds,
      JdbcLedger ledger,
      Clock clock) {
    this.policies = policies;
    this.context = context;
    this.holds = holds;
    this.ledger = ledger;
    this.clock = clock;
    this.notes = new PolicyNotes(ledger.policies(clock), policies);
    this.kills = new KillSwitches(ledger.killSwitches()::on);
    this.rights =
        new PolicyRights(
            policies,
            new PolicyRights.Parts(
                kills,
                this::roleNamedBy,
                new Denials(ledger, clock)::note,
                new LedgerApprovals(ledger.approvals(), clock),
                this::hold),
            clock);
  }

  /** The flows that there are, and what starts and stops them. */
  void connect(RouteFiles loaded, FlowGate flows) {
    this.routes = loaded;
    this.gate = flows;
  }

  /** As whom flows ask, and whether they may. */
  FlowRights rights() {
    return rights;
  }

  /** Writes down which policy holds since the start. */
  void started() {
    notes.note();
  }

  /** Takes changes of the policy from now on. */
  PolicyWatch watch(WaybillConfig.Reload pace) {
    return PolicyWatch.start(policies, notes, this::changed, pace);
  }

  /** What carries out orders about approvals. */
  ApprovalDesk approvals(Home home, ApprovalDesk.Targets targets) {
    return new ApprovalDesk(home, policies, ledger.approvals(), targets, clock);
  }

  /** What carries out orders about kill switches. */
  KillSwitchDesk killSwitches() {
    return new KillSwitchDesk(
        policies,
        ledger.killSwitches(),
        flow -> routes.flow(flow).isPresent(),
        this::changed,
        clock);
  }

  /** Why the last version of the policy was not taken; empty if it was. */
  String trouble() {
    return policies.refused().map(LivePolicies.Refused::reason).orElse("").replace("\n", "; ");
  }

  /** What holds now. */
  Policy policy() {
    return policies.current();
  }

  private Optional<String> roleNamedBy(String flow) {
    return routes == null
        ? Optional.empty()
        : routes
            .flow(flow)
            .map(it -> FlowPreflight.endpoint(context, it).delivery().getRole())
            .filter(role -> !role.isEmpty());
  }

  private void hold(String flow, Failure failure) {
    if (routes != null && routes.flow(flow).isPresent()) {
      holds.hold(flow, failure);
    }
  }

  /** Flows that may not go on are held at once, and those that may again are let go on. */
  private void changed() {
    if (gate == null) {
      return;
    }
    for (LoadedFlow flow : routes.flows()) {
      if (holds.of(flow.name()).isPresent()) {
        holds.lookNow(flow.name());
      } else if (gate.isOpen(flow.name())) {
        FlowPreflight.endpoint(context, flow)
            .policyFinding(flow.name())
            .filter(finding -> finding.severity() == Finding.Severity.HOLD)
            .ifPresent(finding -> gate.hold(flow.name(), failure(finding)));
      }
    }
  }

  private static Failure failure(Finding finding) {
    return new Failure(
        Verdict.HOLD, finding.code(), finding.name(), finding.reason(), finding.remedy());
  }
}
