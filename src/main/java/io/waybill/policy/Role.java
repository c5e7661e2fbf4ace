package io.waybill.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What those may do who have it. Immutable.
 *
 * @param name as flows and members know it
 * @param line where it is declared
 * @param rights the environments of each action about tables, with the line that says so
 * @param audit whether its members read the trail
 * @param administer whether its members administer
 * @param bounds how far its right to write goes
 * @param clickhouse who it is for ClickHouse
 * @param members whom it belongs to
 * @param flows patterns of the names of flows that may work under it; empty: any
 */
public record Role(
    String name,
    int line,
    Map<Action, Map<String, Integer>> rights,
    Optional<Lined<Boolean>> audit,
    Optional<Lined<Boolean>> administer,
    Bounds bounds,
    ClickHouseIdentity clickhouse,
    List<Lined<Member>> members,
    List<Lined<String>> flows) {

  public Role {
    rights = Map.copyOf(rights);
    members = List.copyOf(members);
    flows = List.copyOf(flows);
  }

  /**
   * Who a role is for ClickHouse.
   *
   * @param line where it stands; that of the role if it does not
   * @param connection one of {@code waybill.connections}; empty: that of the flow
   * @param role role of ClickHouse that is set for each request; empty: those that the user has by
   *     default
   */
  public record ClickHouseIdentity(int line, Optional<String> connection, Optional<String> role) {}

  /** The line that gives a right in an environment, if it has it there. */
  public OptionalInt lineOf(Action action, String environment) {
    Integer line = rights.getOrDefault(action, Map.of()).get(environment);
    return line == null ? OptionalInt.empty() : OptionalInt.of(line);
  }

  /** Whether it may do this in some environment. */
  public boolean hasAnywhere(Action action) {
    return !rights.getOrDefault(action, Map.of()).isEmpty();
  }

  /** Whether it belongs to this identity; a flow's only role is the one that it names. */
  public boolean belongsTo(Identity who) {
    if (who.source().equals(Identity.FLOW)) {
      return who.name().equals(name);
    }
    return members.stream().anyMatch(member -> member.value().matches(who));
  }
}
