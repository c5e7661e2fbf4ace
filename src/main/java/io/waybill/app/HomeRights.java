package io.waybill.app;

import io.waybill.delivery.TableName;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Identity;
import io.waybill.policy.Policy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the one who gives a command may do with a home, by its policy. Without one nobody is asked
 * who he is. For one command.
 */
public final class HomeRights {
  private final Policy policy;
  private final CliIdentity identity;
  private Identity who;

  /**
   * Of the one who orders at the command line.
   *
   * @throws ConfigurationException if the policy cannot be read
   */
  public HomeRights(Home home, WaybillConfig config, Map<String, String> environment) {
    this.policy = LivePolicies.load(home, config).current();
    this.identity = new CliIdentity(config, environment);
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
   * Refuses to show rows of tables that he may not read.
   *
   * @throws DeniedException naming the line of the policy
   */
  public void requireRead(Collection<String> tables) {
    if (isOn()) {
      for (String name : tables) {
        TableName table = TableName.parse(name);
        require(policy.decide(who(), Action.READ, table.database(), table.table()));
      }
    }
  }

  /**
   * Refuses what is about no table.
   *
   * @throws DeniedException naming the line of the policy
   */
  public void require(Action action) {
    if (isOn()) {
      require(policy.decide(who(), action));
    }
  }

  private static void require(Decision decision) {
    if (!decision.allowed()) {
      throw new DeniedException(List.of("denied: " + decision, "remedy: " + decision.remedy()));
    }
  }
}
