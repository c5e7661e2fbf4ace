package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.ledger.RouteFileRow.Refusal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The book of the policy: which version holds, which was refused, and each change once in the audit
 * trail, in the transaction that notes it. What is noted already is no change. Thread-safe. Methods
 * throw {@link io.waybill.delivery.LedgerException}.
 */
public final class PolicyBook {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;
  private final String home;
  private final Clock clock;

  PolicyBook(LedgerDatabase database, Identity identity, Origin origin, String home, Clock clock) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
    this.home = home;
    this.clock = clock;
  }

  /**
   * A version of the policy.
   *
   * @param location where a person finds it
   * @param digest hex SHA-256; empty if the file is gone
   * @param text all of it
   * @param by who wrote it
   */
  public record Version(String location, String digest, String text, String by) {}

  /** What is noted of this home. */
  public Optional<PolicyFileRow> noted() {
    return database.read("look up the policy", connection -> of(connection, home));
  }

  /**
   * Notes that a version holds; one without a digest, that there is no policy any more.
   *
   * @param diff what changed, for the trail
   */
  public void loaded(Version version, String diff) {
    database.change(
        "note the policy",
        connection -> {
          Optional<PolicyFileRow> was = of(connection, home);
          String before = was.map(PolicyFileRow::digest).orElse("");
          boolean same = before.equals(version.digest());
          if (same && was.flatMap(PolicyFileRow::refusal).isEmpty()) {
            return;
          }
          Instant now = clock.instant();
          Instant since = same ? was.flatMap(PolicyFileRow::loaded).orElse(now) : now;
          put(
              connection,
              new PolicyFileRow(
                  version.digest(), version.text(), Optional.of(since), Optional.empty()));
          if (!same) {
            String outcome =
                version.digest().isEmpty() ? "removed" : before.isEmpty() ? "loaded" : "changed";
            tell(connection, version, before, outcome, "", diff, now);
          }
        });
  }

  /** Notes that a version was refused; the one before goes on. */
  public void refused(Version version, String reason) {
    database.change(
        "note the policy",
        connection -> {
          Optional<PolicyFileRow> was = of(connection, home);
          boolean known =
              was.flatMap(PolicyFileRow::refusal)
                  .filter(refusal -> refusal.digest().equals(version.digest()))
                  .filter(refusal -> refusal.reason().equals(reason))
                  .isPresent();
          if (known) {
            return;
          }
          Instant now = clock.instant();
          PolicyFileRow before =
              was.orElse(new PolicyFileRow("", "", Optional.empty(), Optional.empty()));
          put(
              connection,
              new PolicyFileRow(
                  before.digest(),
                  before.text(),
                  before.loaded(),
                  Optional.of(new Refusal(version.digest(), reason, now))));
          tell(connection, version, before.digest(), "refused", reason, "", now);
        });
  }

  static List<PolicyFileRow> all(Connection connection) throws SQLException {
    return Sql.list(connection, PolicyBook::row, "SELECT * FROM policy_file ORDER BY home");
  }

  private static Optional<PolicyFileRow> of(Connection connection, String home)
      throws SQLException {
    return Sql.first(connection, PolicyBook::row, "SELECT * FROM policy_file WHERE home = ?", home);
  }

  private static PolicyFileRow row(ResultSet row) throws SQLException {
    String refused = row.getString("refused_digest");
    return new PolicyFileRow(
        row.getString("digest"),
        row.getString("text"),
        Micros.optional(row, "loaded_at"),
        refused.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Refusal(refused, row.getString("reason"), Micros.instant(row, "refused_at"))));
  }

  private void put(Connection connection, PolicyFileRow policy) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO policy_file (home, digest, text, loaded_at, refused_digest, reason, refused_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (home) DO UPDATE SET digest = excluded.digest, text = excluded.text,
          loaded_at = excluded.loaded_at, refused_digest = excluded.refused_digest,
          reason = excluded.reason, refused_at = excluded.refused_at\
        """,
        home,
        policy.digest(),
        policy.text(),
        policy.loaded().orElse(null),
        policy.refusal().map(Refusal::digest).orElse(""),
        policy.refusal().map(Refusal::reason).orElse(""),
        policy.refusal().map(Refusal::since).orElse(null));
  }

  private void tell(
      Connection connection,
      Version version,
      String before,
      String outcome,
      String reason,
      String diff,
      Instant at)
      throws SQLException {
    AuditEvent event =
        AuditEvent.of(AuditKind.POLICY, at)
            .with(AuditField.SOURCE, "policy.yaml")
            .with(AuditField.LOCATION, version.location())
            .with(AuditField.DIGEST_BEFORE, before)
            .with(AuditField.DIGEST, version.digest())
            .with(AuditField.OUTCOME, outcome)
            .with(AuditField.REASON, reason)
            .with(AuditField.DETAIL, diff)
            .with(AuditField.ORDERED_BY, version.by())
            .with(AuditField.IDENTITY_SOURCE, "local")
            .with(AuditField.PLANNED_AT, at)
            .build();
    AuditStore.add(connection, event, identity, origin);
  }
}
