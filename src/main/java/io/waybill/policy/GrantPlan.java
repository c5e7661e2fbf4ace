package io.waybill.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What ClickHouse has to grant so that it agrees with the policy, and where what it grants differs.
 * Pure: what is granted now is given.
 */
public final class GrantPlan {
  /** What Waybill asks of the server before and while it delivers. */
  private static final List<String> SYSTEM =
      List.of(
          "tables",
          "columns",
          "databases",
          "settings",
          "clusters",
          "merge_tree_settings",
          "replicated_merge_tree_settings");

  private static final Map<Action, String> PRIVILEGES =
      Map.of(Action.READ, "SELECT", Action.WRITE, "INSERT");

  /** Where batches with bad records are tried; waybill.audit beside it is nobody's. */
  private static final String OWN = "waybill";

  private static final String PROBES = "probe_*";
  private static final List<String> DANGEROUS =
      List.of("SELECT", "INSERT", "ALTER", "DROP TABLE", "TRUNCATE");
  private final Policy policy;
  private final List<KnownTable> tables;

  /**
   * For a server.
   *
   * @param tables those that are there
   */
  public GrantPlan(Policy policy, List<KnownTable> tables) {
    this.policy = policy;
    this.tables = List.copyOf(tables);
  }

  /**
   * A table of the server.
   *
   * @param provenance name of the column that notes the batch of each row; empty if it has none
   */
  public record KnownTable(SqlName name, String provenance) {}

  /**
   * Who gets something: a role of ClickHouse, or the user of a connection.
   *
   * @param connection empty for the default one
   * @param role empty for the user itself
   */
  public record Grantee(String connection, String role) {}

  /**
   * Where server and policy differ.
   *
   * @param missing what the server has to grant
   * @param excess what it has to take away
   */
  public record Difference(List<Grant> missing, List<Grant> excess) {}

  /** Who gets what, in the order of the file; roles that ask as the same one have it together. */
  public Map<Grantee, List<Grant>> wanted() {
    Map<Grantee, Set<Grant>> all = new LinkedHashMap<>();
    for (Role role : policy.roles()) {
      if (role.hasAnywhere(Action.READ) || role.hasAnywhere(Action.WRITE)) {
        Role.ClickHouseIdentity identity = role.clickhouse();
        all.computeIfAbsent(
                new Grantee(identity.connection().orElse(""), identity.role().orElse("")),
                grantee -> new LinkedHashSet<>())
            .addAll(of(role));
      }
    }
    Map<Grantee, List<Grant>> lists = new LinkedHashMap<>();
    all.forEach((grantee, grants) -> lists.put(grantee, ordered(grants)));
    return lists;
  }

  /** What one role gives must not be taken by another one that asks as the same. */
  private static List<Grant> ordered(Set<Grant> grants) {
    List<Grant> list = new ArrayList<>(grants.stream().filter(each -> !each.revoke()).toList());
    grants.stream()
        .filter(Grant::revoke)
        .filter(
            each ->
                list.stream()
                    .noneMatch(
                        given ->
                            given.privilege().equals(each.privilege())
                                && given.columns().isEmpty()
                                && given.narrowness() >= each.narrowness()
                                && each.covers(given)))
        .toList()
        .forEach(list::add);
    return list;
  }

  private Set<Grant> of(Role role) {
    Set<Grant> grants = new LinkedHashSet<>();
    PRIVILEGES.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> onTables(role, each.getKey(), each.getValue(), grants));
    if (role.hasAnywhere(Action.WRITE)) {
      counting(role, grants);
      grants.add(Grant.on("CREATE DATABASE", OWN, "*"));
      for (String privilege : List.of("CREATE TABLE", "DROP TABLE", "INSERT")) {
        grants.add(Grant.on(privilege, OWN, PROBES));
      }
      grants.add(Grant.on("TABLE ENGINE", "", "Null"));
    }
    for (String table : SYSTEM) {
      grants.add(Grant.on("SELECT", "system", table));
    }
    return grants;
  }

  private void onTables(Role role, Action action, String privilege, Set<Grant> grants) {
    List<TablePattern> given = new ArrayList<>();
    for (Environment environment : policy.environments()) {
      if (role.lineOf(action, environment.name()).isPresent()) {
        environment.tables().forEach(pattern -> given.add(pattern.value()));
      }
    }
    for (TablePattern pattern : given) {
      if (Globs.isBeginning(pattern.database()) && Globs.isBeginning(pattern.table())) {
        grants.add(Grant.on(privilege, pattern.database(), pattern.table()));
      } else {
        existing(role, action, pattern)
            .forEach(name -> grants.add(Grant.on(privilege, name.database(), name.table())));
      }
    }
    for (Environment other : policy.environments()) {
      if (role.lineOf(action, other.name()).isEmpty()) {
        other.tables().stream()
            .map(Lined::value)
            .filter(pattern -> given.stream().anyMatch(pattern::overlaps))
            .forEach(pattern -> taken(role, action, privilege, pattern, grants));
      }
    }
  }

  /** A table of two environments needs the right in both. */
  private void taken(
      Role role, Action action, String privilege, TablePattern pattern, Set<Grant> grants) {
    if (Globs.isBeginning(pattern.database()) && Globs.isBeginning(pattern.table())) {
      grants.add(Grant.on(privilege, pattern.database(), pattern.table()).revoked());
      return;
    }
    tables.stream()
        .map(KnownTable::name)
        .filter(name -> pattern.matches(name.database(), name.table()))
        .filter(name -> !may(role, action, name))
        .forEach(name -> grants.add(Grant.on(privilege, name.database(), name.table()).revoked()));
  }

  private List<SqlName> existing(Role role, Action action, TablePattern pattern) {
    return tables.stream()
        .map(KnownTable::name)
        .filter(name -> pattern.matches(name.database(), name.table()))
        .filter(name -> may(role, action, name))
        .toList();
  }

  private boolean may(Role role, Action action, SqlName name) {
    return policy
        .decide(Identity.flow(role.name()), action, name.database(), name.table())
        .allowed();
  }

  /** Whether a batch in doubt arrived is told by one column, which says nothing of the rows. */
  private void counting(Role role, Set<Grant> grants) {
    for (KnownTable table : tables) {
      if (!table.provenance().isEmpty()
          && may(role, Action.WRITE, table.name())
          && !may(role, Action.READ, table.name())) {
        grants.add(
            new Grant(
                false,
                "SELECT",
                List.of(table.provenance()),
                table.name().database(),
                table.name().table()));
      }
    }
  }

  /**
   * Where what is granted differs from what is wanted.
   *
   * @param actual all that the grantee has
   */
  public Difference difference(List<Grant> wanted, List<Grant> actual) {
    GrantSet should = new GrantSet(wanted);
    GrantSet has = new GrantSet(actual);
    List<Grant> missing = new ArrayList<>();
    for (Grant each : wanted) {
      if (!each.revoke() && !has.covers(each) && !isEverywhere(each, should, has)) {
        missing.add(each);
      }
    }
    Set<Grant> excess = new LinkedHashSet<>();
    for (Grant each : actual) {
      if (!each.revoke() && !should.covers(each)) {
        excess.add(each.revoked());
      }
    }
    for (KnownTable table : tables) {
      for (String privilege : DANGEROUS) {
        boolean within =
            excess.stream()
                .anyMatch(it -> it.meets(privilege, table.name().database(), table.name().table()));
        if (!within && has.has(privilege, table.name()) && !should.has(privilege, table.name())) {
          excess.add(Grant.on(privilege, table.name().database(), table.name().table()).revoked());
        }
      }
    }
    return new Difference(missing, List.copyOf(excess));
  }

  /** Table by table it may be granted all the same, as far as there are tables. */
  private boolean isEverywhere(Grant wanted, GrantSet should, GrantSet has) {
    List<SqlName> meant =
        tables.stream()
            .map(KnownTable::name)
            .filter(name -> wanted.meets(wanted.privilege(), name.database(), name.table()))
            .filter(name -> should.has(wanted.privilege(), name))
            .toList();
    Optional<SqlName> without =
        meant.stream().filter(name -> !has.has(wanted.privilege(), name)).findFirst();
    return !meant.isEmpty() && without.isEmpty();
  }
}
