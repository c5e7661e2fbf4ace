package io.waybill.app;

import io.waybill.delivery.TableName;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Identity;
import io.waybill.policy.Policy;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the one who gives a command may do with a home, by its policy. Without one nobody is asked
 * who he is. For one command.
 */
public final class HomeRights {
  private final Policy policy;
  private final CliIdentity identity;
  private final AccessTrail trail;
  private Identity who;

  /**
   * Of the one who orders at the command line.
   *
   * @throws ConfigurationException if the policy cannot be read
   */
  public HomeRights(Home home, WaybillConfig config, Map<String, String> environment) {
    this.policy = LivePolicies.load(home, config).current();
    this.identity = new CliIdentity(config, environment);
    this.trail = new AccessTrail(() -> Optional.of(new HomeTrail(home, config)), Clock.systemUTC());
  }

  Policy policy() {
    return policy;
  }

  /**
   * Who it is.
   *
   * @throws ConfigurationException if he has to prove it and does not
   */
  public Identity who() {
    if (who == null) {
      who = identity.known().who();
    }
    return who;
  }

  /** Whether there is a policy. */
  public boolean isOn() {
    return policy.isPresent();
  }

  /** His roles. */
  public Set<String> roles() {
    return policy.roles(who());
  }

  /**
   * Refuses to show rows of tables that he may not read; that is in the trail then.
   *
   * @param command the command, in words
   * @throws DeniedException naming the line of the policy
   */
  public void requireRead(String command, Collection<String> tables) {
    if (isOn()) {
      for (String name : tables) {
        TableName table = TableName.parse(name);
        Decision decision = policy.decide(who(), Action.READ, table.database(), table.table());
        require(command, Optional.of(table), decision);
      }
    }
  }

  /**
   * Refuses what is about no table; that is in the trail then.
   *
   * @param command the command, in words
   * @throws DeniedException naming the line of the policy
   */
  public void require(String command, Action action) {
    if (isOn()) {
      require(command, Optional.empty(), policy.decide(who(), action));
    }
  }

  private void require(String command, Optional<TableName> table, Decision decision) {
    if (!decision.allowed()) {
      throw denied(command, table, decision);
    }
  }

  /** Notes a denial in the trail; what tells the person of it. */
  DeniedException denied(String command, Optional<TableName> table, Decision decision) {
    trail.denied(who(), command, table, decision);
    return new DeniedException(List.of("denied: " + decision, "remedy: " + decision.remedy()));
  }
}
