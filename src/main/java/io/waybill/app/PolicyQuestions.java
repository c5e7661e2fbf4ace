package io.waybill.app;

import io.waybill.delivery.TableName;
import io.waybill.ledger.KillSwitchRow;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import io.waybill.policy.Identity;
import io.waybill.policy.Lined;
import io.waybill.policy.Policy;
import io.waybill.policy.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers questions of people about the policy. */
public final class PolicyQuestions {
  private final Policy policy;
  private final KillSwitches kills;

  /**
   * About a policy.
   *
   * @param kills kill switches that are on by order
   */
  public PolicyQuestions(Policy policy, List<KillSwitchRow> kills) {
    this.policy = policy;
    this.kills = new KillSwitches(() -> kills);
  }

  /**
   * An answer.
   *
   * @param roles of who asked
   * @param environments of the table
   * @param notes what goes with it: bounds, approvals, who it is for ClickHouse
   */
  public record Answered(
      Identity who,
      Decision decision,
      Set<String> roles,
      List<String> environments,
      List<String> notes) {}

  /**
   * Whether somebody may do something now.
   *
   * @param what an action, and a table if it is about one
   * @throws IllegalArgumentException telling how to ask
   */
  public Answered ask(String who, List<String> what) {
    Identity identity = identity(who);
    Action action = action(what.get(0));
    if (action.isAboutTables() != (what.size() == 2)) {
      throw new IllegalArgumentException(
          action.isAboutTables()
              ? action.word() + " needs a table, as in " + action.word() + " staging.trips"
              : action.word() + " is about no table; leave it out");
    }
    if (!action.isAboutTables()) {
      return new Answered(
          identity, policy.decide(identity, action), policy.roles(identity), List.of(), List.of());
    }
    TableName table = TableName.parse(what.get(1));
    List<Environment> environments = policy.environmentsOf(table.database(), table.table());
    Decision decision =
        policy.decide(identity, action, table.database(), table.table(), Instant.now());
    if (decision.allowed() && action == Action.WRITE) {
      decision = kills.objection("", environments).orElse(decision);
    }
    return new Answered(
        identity,
        decision,
        policy.roles(identity),
        environments.stream().map(Environment::name).toList(),
        notes(identity, action, table, environments));
  }

  private static Action action(String word) {
    return Arrays.stream(Action.values())
        .filter(each -> each.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + word
                        + "' is no action; actions are read, write, operate, audit, administer"));
  }

  private Identity identity(String who) {
    int colon = who.indexOf(':');
    String name = who.substring(colon + 1);
    return switch (colon < 0 ? "" : who.substring(0, colon)) {
      case "" -> policy.role(who).isPresent() ? Identity.flow(who) : Identity.local(who);
      case "role" -> Identity.flow(name);
      case "local" -> Identity.local(name);
      case "token" -> Identity.token(name);
      case "vault" -> Identity.vault(name);
      case "claim" -> Identity.oidc(name, claims(name));
      default ->
          throw new IllegalArgumentException(
              "'" + who + "': write role:, local:, token:, vault: or claim: in front of a name");
    };
  }

  private static Map<String, Set<String>> claims(String text) {
    Map<String, Set<String>> claims = new HashMap<>();
    for (String part : text.split(",", -1)) {
      String[] pair = part.split("=", 2);
      if (pair.length != 2) {
        throw new IllegalArgumentException("write claims as claim:groups=developers,team=data");
      }
      claims.merge(
          pair[0],
          Set.of(pair[1]),
          (a, b) -> {
            Set<String> both = new java.util.HashSet<>(a);
            both.addAll(b);
            return both;
          });
    }
    return claims;
  }

  private List<String> notes(
      Identity who, Action action, TableName table, List<Environment> environments) {
    List<String> notes = new ArrayList<>();
    if (action == Action.WRITE) {
      for (String name : policy.roles(who)) {
        policy
            .role(name)
            .filter(role -> role.hasAnywhere(Action.WRITE))
            .ifPresent(role -> notes(role, table, notes));
      }
    }
    if (action == Action.OPERATE) {
      for (Environment environment : environments) {
        environment
            .approvals()
            .forEach(
                (order, line) ->
                    notes.add(
                        "%s into %s needs a second person (%s)"
                            .formatted(
                                order.word(),
                                environment.name(),
                                new Lined<>(order, line).place())));
      }
      notes.sort(null);
    }
    return notes;
  }

  private void notes(Role role, TableName table, List<String> notes) {
    policy
        .maxRows(role.name(), table.database(), table.table())
        .ifPresent(
            most -> notes.add("at most %d rows a run (%s)".formatted(most.value(), most.place())));
    policy
        .maxBytes(role.name(), table.database(), table.table())
        .ifPresent(
            most -> notes.add("at most %d bytes a run (%s)".formatted(most.value(), most.place())));
    Optional<String> connection = role.clickhouse().connection();
    Optional<String> clickHouseRole = role.clickhouse().role();
    if (connection.isPresent() || clickHouseRole.isPresent()) {
      notes.add(
          "role %s asks ClickHouse by connection %s%s"
              .formatted(
                  role.name(),
                  connection.orElse("of the flow"),
                  clickHouseRole.map(it -> ", under its role " + it).orElse("")));
    }
  }
}
