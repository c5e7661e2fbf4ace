package io.waybill.app;

import io.waybill.camel.Account;
import io.waybill.policy.Decision;
import io.waybill.policy.Lined;
import io.waybill.policy.Role;
import java.util.Optional;

/** Who a role of the policy is for ClickHouse. */
final class RoleAccount {
  private RoleAccount() {}

  /**
   * As whom it asks.
   *
   * @param written connection that is written down; empty if none is
   */
  static Account of(Role role, String written) {
    Role.ClickHouseIdentity identity = role.clickhouse();
    return new Account(identity.connection().orElse(written), identity.role().orElse(""));
  }

  /** Why a role may not be taken to another server; empty if it is not. */
  static Optional<Decision> otherConnection(Role role, String written, String whoWrote) {
    boolean free = written.isEmpty() || written.equals(Connections.DEFAULT);
    return role.clickhouse()
        .connection()
        .filter(own -> !free && !own.equals(written))
        .map(
            own ->
                new Decision(
                    false,
                    new Lined<>(own, role.clickhouse().line()).place(),
                    "%s names connection %s, and role %s works with %s"
                        .formatted(whoWrote, written, role.name(), own),
                    "leave the connection out of " + whoWrote));
  }
}
