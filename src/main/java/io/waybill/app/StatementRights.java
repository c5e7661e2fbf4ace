package io.waybill.app;

import io.waybill.app.StatementApprovals.Asker;
import io.waybill.delivery.TableName;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import io.waybill.policy.Identity;
import io.waybill.policy.Lined;
import io.waybill.policy.Policy;
import io.waybill.policy.SqlName;
import io.waybill.policy.SqlStatement;
import io.waybill.policy.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Decides on a statement by what its text says that it does. Thread-safe. */
record StatementRights(StatementApprovals approvals) {
  private static final Decision YES = new Decision(true, "", "it may", "");

  /** They say nothing of anybody. */
  private static final Set<SqlName> NOBODYS =
      Set.of(
          new SqlName("system", "one"),
          new SqlName("system", "numbers"),
          new SqlName("system", "numbers_mt"),
          new SqlName("system", "zeros"));

  /**
   * What was decided.
   *
   * @param action what was wanted
   * @param table the table that decided, if one did
   * @param readOnly whether it only asks
   */
  record Ruling(Decision decision, String action, Optional<TableName> table, boolean readOnly) {}

  /**
   * Decides on a statement of a flow.
   *
   * @param writing whether a table may be written now
   */
  Ruling rule(
      Policy policy, String flow, String role, String sql, Function<TableName, Decision> writing) {
    Ruling rights = rights(policy, Identity.flow(role), SqlStatement.of(sql, ""), writing);
    return rights.decision().allowed()
        ? forbidden(policy, Asker.flow(flow), sql).orElse(rights)
        : rights;
  }

  /**
   * Decides by the tables of a statement.
   *
   * @param writing whether a table may be written now
   */
  static Ruling rights(
      Policy policy, Identity who, SqlStatement statement, Function<TableName, Decision> writing) {
    if (!statement.unclear().isEmpty()) {
      return no(
          "statement",
          "it cannot be told what the statement does: " + statement.unclear(),
          "write tables as database.table, in plain text, one statement at a time");
    }
    for (SqlName name : sorted(statement.reads())) {
      Optional<Ruling> denied =
          NOBODYS.contains(name)
              ? Optional.empty()
              : denied(
                  name,
                  "read",
                  table -> policy.decide(who, Action.READ, table.database(), table.table()));
      if (denied.isPresent()) {
        return denied.get();
      }
    }
    if (statement.readOnly()) {
      return new Ruling(YES, "read", Optional.empty(), true);
    }
    return sorted(statement.writes()).stream()
        .flatMap(name -> denied(name, "write", writing).stream())
        .findFirst()
        .orElseGet(() -> new Ruling(YES, "write", Optional.empty(), false));
  }

  private static List<SqlName> sorted(Set<SqlName> names) {
    return names.stream().sorted(Comparator.comparing(SqlName::toString)).toList();
  }

  private static Optional<Ruling> denied(
      SqlName name, String action, Function<TableName, Decision> decide) {
    if (name.database().isEmpty()) {
      return Optional.of(
          no(
              action,
              "the statement does not say in which database " + name.table() + " is",
              "write it as database." + name.table()));
    }
    TableName table = new TableName(name.database(), name.table());
    Decision decision = decide.apply(table);
    return decision.allowed()
        ? Optional.empty()
        : Optional.of(new Ruling(decision, action, Optional.of(table), false));
  }

  private static Ruling no(String action, String reason, String remedy) {
    return new Ruling(new Decision(false, "", reason, remedy), action, Optional.empty(), false);
  }

  /**
   * Whether environments forbid a statement without an approval that it has not got. What is about
   * no table is about all environments.
   */
  Optional<Ruling> forbidden(Policy policy, Asker asker, String sql) {
    SqlStatement statement = SqlStatement.of(sql, "");
    List<Environment> touched =
        statement.writes().isEmpty()
            ? policy.environments()
            : statement.writes().stream()
                .flatMap(name -> touched(policy, name))
                .distinct()
                .toList();
    for (Environment environment : touched) {
      for (Statement kind : statement.kinds()) {
        Integer line = environment.forbidden().get(kind);
        if (line != null) {
          Optional<Decision> objection =
              approvals.objection(
                  asker,
                  SqlStatement.digest(sql),
                  statement.summary(),
                  environment,
                  new Lined<>(kind, line).place());
          if (objection.isPresent()) {
            return Optional.of(new Ruling(objection.get(), kind.word(), Optional.empty(), false));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Stream<Environment> touched(Policy policy, SqlName name) {
    return policy.environmentsOf(name.database(), name.table()).stream();
  }
}
