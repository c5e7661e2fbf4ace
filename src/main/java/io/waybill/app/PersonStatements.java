package io.waybill.app;

import io.waybill.app.StatementApprovals.Asker;
import io.waybill.app.StatementRights.Ruling;
import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.camel.Account;
import io.waybill.control.Caller;
import io.waybill.delivery.TableName;
import io.waybill.ledger.LedgerVisit;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Identity;
import io.waybill.policy.Policy;
import io.waybill.policy.Role;
import io.waybill.policy.SqlStatement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Statements that a person asks of ClickHouse at the command line, by the policy of the home: as
 * those of routes, under one of his roles. For one command.
 */
public final class PersonStatements {
  private static final Clock CLOCK = Clock.systemUTC();
  private final Home home;
  private final WaybillConfig config;
  private final HomeRights rights;
  private final HomeTrail trail;

  /**
   * Of the one who gives the command.
   *
   * @throws ConfigurationException if the policy cannot be read
   */
  public PersonStatements(Home home, WaybillConfig config, Map<String, String> environment) {
    this.home = home;
    this.config = config;
    this.rights = new HomeRights(home, config, environment);
    this.trail = new HomeTrail(home, config);
  }

  /**
   * How a statement may be asked.
   *
   * @param account as whom
   * @param settings what it is sent with: readonly if it only asks
   * @param changes what it changes, in words; empty if it only asks, or nobody wants to know
   */
  public record Admitted(Account account, Map<String, String> settings, String changes) {}

  /**
   * Decides; what was refused is in the trail.
   *
   * @param command the command, in words
   * @param connection name of the connection that the person wants; empty for that of the role
   * @throws DeniedException naming the line of the policy
   * @throws io.waybill.delivery.LedgerException if a statement that changes something cannot be
   *     decided on, since the ledger cannot be written
   */
  public Admitted admit(String command, String sql, String connection) {
    Policy policy = rights.policy();
    if (!policy.isPresent()) {
      return new Admitted(new Account(connection, ""), Map.of(), "");
    }
    SqlStatement statement = SqlStatement.of(sql, "");
    if (statement.readOnly()) {
      return admit(policy, command, statement, connection, table -> noWriting());
    }
    try (LedgerSite site = LedgerSite.of(home, config);
        LedgerVisit visit = site.visit()) {
      KillSwitches kills = new KillSwitches(visit::killSwitches);
      Admitted admitted =
          admit(policy, command, statement, connection, table -> writing(policy, kills, table));
      new StatementRights(new LedgerApprovals(visit.approvals(), CLOCK))
          .forbidden(policy, Asker.person(rights.who()), sql)
          .ifPresent(
              ruling -> {
                throw rights.denied(command, ruling.table(), ruling.decision());
              });
      return admitted;
    }
  }

  private static Decision noWriting() {
    throw new IllegalStateException("it only asks");
  }

  private Decision writing(Policy policy, KillSwitches kills, TableName table) {
    Decision right =
        policy.decide(rights.who(), Action.WRITE, table.database(), table.table(), CLOCK.instant());
    return right.allowed()
        ? kills.objection("", policy.environmentsOf(table.database(), table.table())).orElse(right)
        : right;
  }

  private Admitted admit(
      Policy policy,
      String command,
      SqlStatement statement,
      String connection,
      Function<TableName, Decision> writing) {
    Identity who = rights.who();
    if (rights.roles().isEmpty()) {
      throw rights.denied(command, Optional.empty(), policy.decide(who, Action.READ, "", ""));
    }
    Ruling ruling = StatementRights.rights(policy, who, statement, writing);
    if (!ruling.decision().allowed()) {
      throw rights.denied(command, ruling.table(), ruling.decision());
    }
    Role role = role(policy, command, statement);
    RoleAccount.otherConnection(role, connection, "the command")
        .ifPresent(
            other -> {
              throw rights.denied(command, Optional.empty(), other);
            });
    return new Admitted(
        RoleAccount.of(role, connection),
        ruling.readOnly() ? Map.of("readonly", "2") : Map.of(),
        ruling.readOnly() ? "" : statement.summary());
  }

  /** The first in the file that has all the rights by itself: it is asked as one of them. */
  private Role role(Policy policy, String command, SqlStatement statement) {
    List<Role> his =
        policy.roles().stream().filter(role -> rights.roles().contains(role.name())).toList();
    for (Role role : his) {
      Identity alone = Identity.flow(role.name());
      Function<TableName, Decision> writing =
          table ->
              policy.decide(alone, Action.WRITE, table.database(), table.table(), CLOCK.instant());
      if (StatementRights.rights(policy, alone, statement, writing).decision().allowed()) {
        return role;
      }
    }
    throw rights.denied(
        command,
        Optional.empty(),
        new Decision(
            false,
            "",
            "no role of %s may do all of it by itself, and a statement is asked under one"
                .formatted(rights.who()),
            "ask in several statements, or let one role have all these rights"));
  }

  /**
   * Notes in the trail that a statement which changes something was asked.
   *
   * @param failure the name of ClickHouse's error; empty if it was done
   * @throws io.waybill.delivery.LedgerException if the trail cannot be written
   */
  public void asked(String command, Admitted admitted, String failure) {
    if (admitted.changes().isEmpty()) {
      return;
    }
    Instant now = CLOCK.instant();
    trail.note(
        AuditEvent.of(AuditKind.ORDER, now)
            .with(AuditField.ACTION, command)
            .with(AuditField.OUTCOME, failure.isEmpty() ? "done" : "held_or_failed")
            .with(AuditField.REASON, failure)
            .with(AuditField.ORDERED_BY, Caller.signature(rights.who()))
            .with(AuditField.IDENTITY_SOURCE, rights.who().source())
            .with(AuditField.PLANNED_AT, now)
            .with(AuditField.DETAIL, admitted.changes())
            .build());
  }
}
