package io.waybill.app;

import io.waybill.control.Permissions;
import io.waybill.delivery.TableName;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import io.waybill.policy.Identity;
import io.waybill.policy.Policies;
import java.util.List;
import java.util.Set;

/** Who may do what, by the policy of this home. */
final class PolicyPermissions implements Permissions {
  private final Policies policies;
  private final AccessTrail trail;

  PolicyPermissions(Policies policies, AccessTrail trail) {
    this.policies = policies;
    this.trail = trail;
  }

  @Override
  public boolean isOn() {
    return policies.current().isPresent();
  }

  @Override
  public Decision decide(Identity who, Action action, TableName table) {
    return policies.current().decide(who, action, table.database(), table.table());
  }

  @Override
  public Decision decide(Identity who, Action action) {
    return policies.current().decide(who, action);
  }

  @Override
  public List<Environment> environments() {
    return policies.current().environments();
  }

  @Override
  public Set<String> roles(Identity who) {
    return policies.current().roles(who);
  }

  @Override
  public void denied(Identity who, String what, Decision why) {
    trail.denied(who, what, why);
  }
}
