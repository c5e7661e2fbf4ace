package io.waybill.control;

import io.waybill.delivery.TableName;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import io.waybill.policy.Identity;
import java.util.List;
import java.util.Set;

/** Who may do what, by the policy that holds now. Thread-safe; never waits. */
public interface Permissions {

  /** Whether there is a policy; without one whoever is let in may do all. */
  boolean isOn();

  /** Whether somebody may do this with a table. */
  Decision decide(Identity who, Action action, TableName table);

  /** Whether somebody may do what is about no table. */
  Decision decide(Identity who, Action action);

  /** All environments, in the order of the policy. */
  List<Environment> environments();

  /** Names of somebody's roles. */
  Set<String> roles(Identity who);

  /**
   * Notes that somebody was refused something.
   *
   * @param what what he wanted, as {@code rerun}; nothing of what he sent
   */
  void denied(Identity who, String what, Decision why);
}
