package io.waybill.app;

import io.waybill.app.Denials.Denied;
import io.waybill.camel.Account;
import io.waybill.camel.DeniedException;
import io.waybill.camel.FlowRights;
import io.waybill.clickhouse.Finding;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.RunBounds;
import io.waybill.delivery.RunBounds.Bound;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import io.waybill.policy.Identity;
import io.waybill.policy.Lined;
import io.waybill.policy.Policies;
import io.waybill.policy.Policy;
import io.waybill.policy.Role;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The rights of flows by the policy of the moment and the kill switches. Thread-safe. */
final class PolicyRights implements FlowRights {
  private final Policies policies;
  private final Parts parts;
  private final Clock clock;
  private final StatementRights statements;
  private final Map<String, Decision> seen = new ConcurrentHashMap<>();

  /**
   * What it works with.
   *
   * @param kills kill switches that are on by order
   * @param roles role that a flow's URI names, if the flow is known and names one
   * @param denials hears of each denial
   * @param approvals asks for what a statement needs a second person for
   * @param holds holds a flow that one of its steps was refused
   */
  record Parts(
      KillSwitches kills,
      Function<String, Optional<String>> roles,
      Consumer<Denied> denials,
      StatementApprovals approvals,
      Holding holds) {

    /** For routes that are looked at and never started. */
    static Parts forLooking() {
      return new Parts(
          KillSwitches.NONE,
          flow -> Optional.empty(),
          denied -> {},
          StatementApprovals.NONE,
          (flow, failure) -> {});
    }
  }

  /** Holds a flow, if there is one of this name. */
  interface Holding {
    void hold(String flow, Failure failure);
  }

  PolicyRights(Policies policies, Parts parts, Clock clock) {
    this.policies = policies;
    this.parts = parts;
    this.clock = clock;
    this.statements = new StatementRights(parts.approvals());
  }

  @Override
  public String roleOf(String written) {
    return roleOf(policies.current(), written);
  }

  private static String roleOf(Policy policy, String written) {
    return written.isEmpty() ? policy.defaultRole().map(Lined::value).orElse("") : written;
  }

  @Override
  public Standing standing(String connection, String role) {
    return standing(policies.current(), connection, role);
  }

  private static Standing standing(Policy policy, String connection, String written) {
    if (!policy.isPresent()) {
      return new Standing(new Account(connection, ""), written);
    }
    String name = roleOf(policy, written);
    Optional<Role> role = policy.role(name);
    if (role.isEmpty()) {
      throw held(policy.decide(Identity.flow(name), Action.WRITE, "", ""));
    }
    Optional<Decision> other = RoleAccount.otherConnection(role.get(), connection, "the route");
    if (other.isPresent()) {
      throw held(other.get());
    }
    return new Standing(RoleAccount.of(role.get(), connection), "");
  }

  private static HeldDeliveryException held(Decision decision) {
    return new HeldDeliveryException(failure(decision), null);
  }

  private static Failure failure(Decision decision) {
    return new Failure(Verdict.HOLD, 0, "DENIED", decision.toString(), decision.remedy());
  }

  @Override
  public Standing ofRoute(String flow, String connection) {
    return standingOfStep(
        policies.current(), flow, connection, parts.roles().apply(flow).orElse(""));
  }

  @Override
  public Standing toWrite(String flow, String connection, String role, TableName table) {
    Policy policy = policies.current();
    Decision decision = toWrite(policy, flow, roleOf(policy, role), table);
    if (!decision.allowed()) {
      deny(policy, flow, role, "write", Optional.of(table), decision);
      throw held(decision);
    }
    return standing(policy, connection, role);
  }

  @Override
  public Standing toInsert(String flow, String connection, String role, TableName table) {
    Policy policy = policies.current();
    String written = role.isEmpty() ? parts.roles().apply(flow).orElse("") : role;
    Decision decision = toWrite(policy, flow, roleOf(policy, written), table);
    if (!decision.allowed()) {
      throw denied(policy, flow, written, "write", Optional.of(table), decision);
    }
    return standingOfStep(policy, flow, connection, written);
  }

  private Standing standingOfStep(Policy policy, String flow, String connection, String written) {
    try {
      return standing(policy, connection, written);
    } catch (HeldDeliveryException e) {
      throw denied(
          policy,
          flow,
          written,
          "connect",
          Optional.empty(),
          new Decision(false, "", e.failure().reason(), e.failure().remedy()));
    }
  }

  private Decision toWrite(Policy policy, String flow, String role, TableName table) {
    List<Environment> environments = policy.environmentsOf(table.database(), table.table());
    Decision use = policy.mayUse(flow, role);
    if (!use.allowed()) {
      return use;
    }
    Decision right =
        policy.decide(
            Identity.flow(role), Action.WRITE, table.database(), table.table(), clock.instant());
    return right.allowed() ? parts.kills().objection(flow, environments).orElse(right) : right;
  }

  @Override
  public Admitted admit(String flow, String connection, String role, String sql) {
    Policy policy = policies.current();
    String written = role.isEmpty() ? parts.roles().apply(flow).orElse("") : role;
    if (!policy.isPresent()) {
      return new Admitted(standing(policy, connection, role), false);
    }
    String name = roleOf(policy, written);
    Decision use = policy.mayUse(flow, name);
    if (!use.allowed()) {
      throw denied(policy, flow, written, "statement", Optional.empty(), use);
    }
    StatementRights.Ruling ruling =
        statements.rule(policy, flow, name, sql, table -> toWrite(policy, flow, name, table));
    if (!ruling.decision().allowed()) {
      throw denied(policy, flow, written, ruling.action(), ruling.table(), ruling.decision());
    }
    return new Admitted(standingOfStep(policy, flow, connection, written), ruling.readOnly());
  }

  @Override
  public void requireConfigured(String flow, String option) {
    Policy policy = policies.current();
    if (policy.isPresent()) {
      throw denied(
          policy,
          flow,
          "",
          "connect",
          Optional.empty(),
          new Decision(
              false,
              "",
              "the clickhouse: step has %s of its own, and the policy says who asks"
                  .formatted(option),
              "make it a connection (waybill.connections.*) and name that at the role"));
    }
  }

  private DeniedException denied(
      Policy policy,
      String flow,
      String role,
      String action,
      Optional<TableName> table,
      Decision decision) {
    deny(policy, flow, role, action, table, decision);
    parts.holds().hold(flow, failure(decision));
    return new DeniedException(decision.toString(), decision.remedy());
  }

  private void deny(
      Policy policy,
      String flow,
      String role,
      String action,
      Optional<TableName> table,
      Decision decision) {
    parts.denials().accept(new Denied(flow, roleOf(policy, role), action, table, decision));
  }

  @Override
  public Optional<Finding> look(String flow, String connection, String role, TableName table) {
    Policy policy = policies.current();
    Decision decision = toWrite(policy, flow, roleOf(policy, role), table);
    if (decision.allowed() && policy.isPresent()) {
      decision =
          policy
              .role(roleOf(policy, role))
              .flatMap(each -> RoleAccount.otherConnection(each, connection, "the route"))
              .orElse(decision);
    }
    if (decision.allowed() && !policy.isPresent()) {
      return Optional.empty();
    }
    noteSeen(policy, flow, role, table, decision);
    return Optional.of(
        decision.allowed()
            ? Finding.ok("ALLOWED", decision.toString())
            : new Finding(
                Finding.Severity.HOLD, 0, "DENIED", decision.toString(), decision.remedy()));
  }

  /** A flow that waits is looked at over and over; what was seen is noted once. */
  private void noteSeen(
      Policy policy, String flow, String role, TableName table, Decision decision) {
    Decision before = decision.allowed() ? seen.remove(flow) : seen.put(flow, decision);
    if (!decision.allowed() && !decision.equals(before)) {
      deny(policy, flow, role, "write", Optional.of(table), decision);
    }
  }

  @Override
  public RunBounds bounds(String role, TableName table) {
    Policy policy = policies.current();
    String name = roleOf(policy, role);
    return policy.isPresent()
        ? new RunBounds(
            policy.maxRows(name, table.database(), table.table()).map(PolicyRights::bound),
            policy.maxBytes(name, table.database(), table.table()).map(PolicyRights::bound))
        : RunBounds.NONE;
  }

  private static Bound bound(Lined<Long> limit) {
    return new Bound(limit.value(), limit.place());
  }
}
