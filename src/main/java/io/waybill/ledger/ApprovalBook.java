package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.ledger.ApprovalRow.Decision;
import io.waybill.ledger.ApprovalRow.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The book of what needs a second person. Each step is in the audit trail, in the transaction that
 * notes it. Thread-safe. Methods throw {@link io.waybill.delivery.LedgerException}.
 */
public final class ApprovalBook {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;

  ApprovalBook(LedgerDatabase database, Identity identity, Origin origin) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
  }

  /** Asks for an approval; returns its number. */
  public long ask(ApprovalRow wanted) {
    return database.transaction(
        "ask for an approval",
        connection -> {
          long number =
              Sql.number(
                  connection,
                  """
                  INSERT INTO approval (action, flow, environment, rule, subject, summary,
                    ordered_by, ordered_at, expires_at, state)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting') RETURNING id\
                  """,
                  wanted.action(),
                  wanted.flow(),
                  wanted.environment(),
                  wanted.rule(),
                  wanted.subject(),
                  wanted.summary(),
                  wanted.by(),
                  wanted.at(),
                  wanted.expires());
          tell(connection, find(connection, number).orElseThrow(), "asked", wanted.at());
          return number;
        });
  }

  /** The one of this number; one whose time is over is expired then. */
  public Optional<ApprovalRow> find(long number, Instant now) {
    expire(now);
    return database.read("look up an approval", connection -> find(connection, number));
  }

  /**
   * Decides.
   *
   * @return whether it was waiting until now
   */
  public boolean decide(long number, boolean approved, String by, Instant at) {
    expire(at);
    return database.transaction(
        "decide an approval",
        connection -> {
          State state = approved ? State.APPROVED : State.REJECTED;
          boolean decided =
              Sql.update(
                      connection,
                      """
                      UPDATE approval SET state = ?, decided_by = ?, decided_at = ?
                      WHERE id = ? AND state = 'waiting' AND ordered_by <> ?\
                      """,
                      state.label(),
                      by,
                      at,
                      number,
                      by)
                  > 0;
          if (decided) {
            tell(connection, find(connection, number).orElseThrow(), state.label(), at);
          }
          return decided;
        });
  }

  /**
   * The last approval that was asked for a statement.
   *
   * @param flow the flow that it is of; empty if a person asks it
   * @param by who wanted the approval
   */
  public Optional<ApprovalRow> ofStatement(String flow, String by, String digest, Instant now) {
    expire(now);
    return database.read(
        "look up an approval",
        connection ->
            Sql.first(
                connection,
                ApprovalBook::row,
                """
                SELECT * FROM approval WHERE action = 'statement' AND flow = ? AND ordered_by = ?
                  AND subject = ?
                ORDER BY id DESC LIMIT 1\
                """,
                flow,
                by,
                digest));
  }

  private void expire(Instant now) {
    database.change(
        "expire approvals",
        connection -> {
          for (ApprovalRow late :
              Sql.list(
                  connection,
                  ApprovalBook::row,
                  "SELECT * FROM approval WHERE state = 'waiting' AND expires_at <= ? ORDER BY id",
                  now)) {
            Sql.update(
                connection, "UPDATE approval SET state = 'expired' WHERE id = ?", late.number());
            tell(connection, late, State.EXPIRED.label(), now);
          }
        });
  }

  static List<ApprovalRow> latest(Connection connection, int most) throws SQLException {
    return Sql.list(
        connection, ApprovalBook::row, "SELECT * FROM approval ORDER BY id DESC LIMIT ?", most);
  }

  private static Optional<ApprovalRow> find(Connection connection, long number)
      throws SQLException {
    return Sql.first(connection, ApprovalBook::row, "SELECT * FROM approval WHERE id = ?", number);
  }

  private static ApprovalRow row(ResultSet row) throws SQLException {
    return new ApprovalRow(
        row.getLong("id"),
        row.getString("action"),
        row.getString("flow"),
        row.getString("environment"),
        row.getString("rule"),
        row.getString("subject"),
        row.getString("summary"),
        row.getString("ordered_by"),
        Micros.instant(row, "ordered_at"),
        Micros.instant(row, "expires_at"),
        new Decision(
            State.of(row.getString("state")),
            row.getString("decided_by"),
            Micros.optional(row, "decided_at")));
  }

  private void tell(Connection connection, ApprovalRow row, String outcome, Instant at)
      throws SQLException {
    String by = row.decision().by().isEmpty() ? row.by() : row.decision().by();
    AuditStore.add(
        connection,
        AuditEvent.of(AuditKind.APPROVAL, at)
            .with(AuditField.FLOW, row.flow())
            .with(AuditField.SOURCE, "approval " + row.number())
            .with(AuditField.ACTION, row.action())
            .with(AuditField.ENVIRONMENT, row.environment())
            .with(AuditField.RULE, row.rule())
            .with(AuditField.DETAIL, row.subject())
            .with(AuditField.REASON, row.summary() + ", wanted by " + row.by())
            .with(AuditField.OUTCOME, outcome)
            .with(AuditField.ORDERED_BY, by)
            .with(AuditField.UNTIL, row.expires())
            .with(AuditField.PLANNED_AT, row.at())
            .build(),
        identity,
        origin);
  }
}
