package io.waybill.camel;

import io.waybill.clickhouse.Finding;
import io.waybill.delivery.RunBounds;
import io.waybill.delivery.TableName;
import java.util.Optional;

/**
 * Port: as whom a flow asks ClickHouse, and whether it may. It is asked before every request, since
 * the policy may change while flows run. A no is in the audit trail before it is thrown.
 * Thread-safe.
 */
public interface FlowRights {

  /**
   * As whom something is asked.
   *
   * @param account who asks
   * @param requestRole role of ClickHouse that is set for the request only, where a route names one
   *     and there is no policy; empty for none
   */
  record Standing(Account account, String requestRole) {
    /** Waybill's own papers are nobody's business but its own. */
    public static final Standing OWN = new Standing(Account.DEFAULT, "");
  }

  /**
   * As whom a statement of a route is asked.
   *
   * @param readOnly whether it must not change anything
   */
  record Admitted(Standing standing, boolean readOnly) {}

  /**
   * The role that a flow works under.
   *
   * @param written what its URI says; may be empty
   */
  String roleOf(String written);

  /**
   * As whom a flow asks, whatever it asks.
   *
   * @param connection what its URI says; may be empty
   * @param role what its URI says; may be empty
   * @throws io.waybill.delivery.HeldDeliveryException if there is no such role
   */
  Standing standing(String connection, String role);

  /**
   * As whom a step of a route asks that names no role: under that of its flow.
   *
   * @param flow id of the route; empty if it is not known
   * @throws DeniedException if there is no such role, or it works with another connection
   */
  Standing ofRoute(String flow, String connection);

  /**
   * As whom a flow writes, now.
   *
   * @throws io.waybill.delivery.HeldDeliveryException if it may not
   */
  Standing toWrite(String flow, String connection, String role, TableName table);

  /**
   * As whom a step of a route inserts by itself, now.
   *
   * @param flow id of the route; empty if it is not known
   * @throws DeniedException if it may not
   */
  Standing toInsert(String flow, String connection, String role, TableName table);

  /**
   * As whom a step of a route asks a statement, now.
   *
   * @param flow id of the route; empty if it is not known
   * @throws DeniedException if it may not
   */
  Admitted admit(String flow, String connection, String role, String sql);

  /**
   * Refuses a step that names users, addresses or clients of its own, where a policy says who asks.
   *
   * @param option what names them
   * @throws DeniedException if it must not
   */
  void requireConfigured(String flow, String option);

  /** What is to be said of a flow before it starts; nothing if there is no policy. */
  Optional<Finding> look(String flow, String connection, String role, TableName table);

  /** How much a run may bring under a role, as its URI names it. */
  RunBounds bounds(String role, TableName table);

  /** There is no policy: routes are taken at their word. */
  FlowRights UNBOUND =
      new FlowRights() {
        @Override
        public String roleOf(String written) {
          return written;
        }

        @Override
        public Standing standing(String connection, String role) {
          return new Standing(new Account(connection, ""), role);
        }

        @Override
        public Standing ofRoute(String flow, String connection) {
          return standing(connection, "");
        }

        @Override
        public Standing toWrite(String flow, String connection, String role, TableName table) {
          return standing(connection, role);
        }

        @Override
        public Standing toInsert(String flow, String connection, String role, TableName table) {
          return standing(connection, role);
        }

        @Override
        public Admitted admit(String flow, String connection, String role, String sql) {
          return new Admitted(standing(connection, role), false);
        }

        @Override
        public void requireConfigured(String flow, String option) {}

        @Override
        public Optional<Finding> look(
            String flow, String connection, String role, TableName table) {
          return Optional.empty();
        }

        @Override
        public RunBounds bounds(String role, TableName table) {
          return RunBounds.NONE;
        }
      };
}
