package io.waybill.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of the tables that is treated alike. Immutable.
 *
 * @param name as roles call it
 * @param line where it is declared
 * @param tables which tables belong to it
 * @param killSwitch whether nothing is written into it
 * @param bounds how far the right to write goes
 * @param approvals for which orders it asks a second person, with the line that says so
 * @param approvalExpiry how long an order waits for that person
 * @param forbidden which statements query routes need an approval for, with their lines; all of
 *     them if it says nothing
 */
public record Environment(
    String name,
    int line,
    List<Lined<TablePattern>> tables,
    Optional<Lined<Boolean>> killSwitch,
    Bounds bounds,
    Map<Approvable, Integer> approvals,
    Duration approvalExpiry,
    Map<Statement, Integer> forbidden) {

  public Environment {
    tables = List.copyOf(tables);
    approvals = Map.copyOf(approvals);
    forbidden = Map.copyOf(forbidden);
  }

  /** Whether this table belongs to it. */
  public boolean has(String database, String table) {
    return tables.stream().anyMatch(pattern -> pattern.value().matches(database, table));
  }

  /** Whether its kill switch is on. */
  public boolean isKilled() {
    return killSwitch.map(Lined::value).orElse(false);
  }
}
