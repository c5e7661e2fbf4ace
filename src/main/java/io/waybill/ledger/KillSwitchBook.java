package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The kill switches that are on by order, for all processes of this ledger; each change is in the
 * audit trail. Thread-safe. Methods throw {@link io.waybill.delivery.LedgerException}.
 */
public final class KillSwitchBook {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;

  KillSwitchBook(LedgerDatabase database, Identity identity, Origin origin) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
  }

  /** All that are on, by name. */
  public List<KillSwitchRow> on() {
    return database.read("look up kill switches", KillSwitchBook::all);
  }

  /**
   * Puts one on.
   *
   * @return whether it was off
   */
  public boolean putOn(KillSwitchRow wanted) {
    return database.transaction(
        "put a kill switch on",
        connection -> {
          boolean changed =
              Sql.update(
                      connection,
                      """
                      INSERT INTO kill_switch (kind, name, ordered_by, since, reason)
                      VALUES (?, ?, ?, ?, ?)
                      ON CONFLICT (kind, name) DO NOTHING\
                      """,
                      wanted.kind(),
                      wanted.name(),
                      wanted.by(),
                      wanted.since(),
                      wanted.reason())
                  > 0;
          if (changed) {
            tell(connection, wanted, "on");
          }
          return changed;
        });
  }

  /**
   * Puts one off.
   *
   * @param wanted who orders it, when and why
   * @return whether it was on
   */
  public boolean putOff(KillSwitchRow wanted) {
    return database.transaction(
        "put a kill switch off",
        connection -> {
          boolean changed =
              Sql.update(
                      connection,
                      "DELETE FROM kill_switch WHERE kind = ? AND name = ?",
                      wanted.kind(),
                      wanted.name())
                  > 0;
          if (changed) {
            tell(connection, wanted, "off");
          }
          return changed;
        });
  }

  static List<KillSwitchRow> all(Connection connection) throws SQLException {
    return Sql.list(
        connection,
        row ->
            new KillSwitchRow(
                row.getString("kind").equals(KillSwitchRow.ENVIRONMENT),
                row.getString("name"),
                row.getString("ordered_by"),
                Micros.instant(row, "since"),
                row.getString("reason")),
        "SELECT * FROM kill_switch ORDER BY kind, name");
  }

  private void tell(Connection connection, KillSwitchRow row, String outcome) throws SQLException {
    AuditStore.add(
        connection,
        AuditEvent.of(AuditKind.POLICY, row.since())
            .with(AuditField.ACTION, "kill-switch")
            .with(row.environment() ? AuditField.ENVIRONMENT : AuditField.FLOW, row.name())
            .with(AuditField.OUTCOME, outcome)
            .with(AuditField.REASON, row.reason())
            .with(AuditField.ORDERED_BY, row.by())
            .with(AuditField.PLANNED_AT, row.since())
            .build(),
        identity,
        origin);
  }
}
