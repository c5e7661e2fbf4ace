package io.waybill.ledger;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.UnifiedDiff;
import io.waybill.ledger.RouteFileRow.Refusal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The book of route files: what is loaded, what was refused, and each change once in the audit
 * trail, in the transaction that notes it. What is noted already is no change, so that a start
 * after a crash may note everything again. Thread-safe. Methods throw {@link
 * io.waybill.delivery.LedgerException}.
 */
public final class RouteBook {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;
  private final String home;
  private final Clock clock;

  RouteBook(LedgerDatabase database, Identity identity, Origin origin, String home, Clock clock) {
    this.home = home;
    this.database = database;
    this.identity = identity;
    this.origin = origin;
    this.clock = clock;
  }

  /**
   * A version of a file.
   *
   * @param name relative to home
   * @param location where a person finds it
   * @param digest hex SHA-256
   * @param by who wrote it
   * @param content its text, without secrets
   */
  public record Version(String name, String location, String digest, String by, String content) {}

  /** All files of this home that are noted, by name. */
  public List<RouteFileRow> all() {
    return database.read("list route files", connection -> RouteFileStore.ofHome(connection, home));
  }

  /** Notes that a version is loaded. */
  public void loaded(Version version, List<String> flows) {
    database.change(
        "note route file " + version.name(),
        connection -> {
          Optional<RouteFileRow> was = RouteFileStore.of(connection, home, version.name());
          String before = was.map(RouteFileRow::digest).orElse("");
          Instant now = clock.instant();
          boolean same = before.equals(version.digest());
          Instant since = same ? was.flatMap(RouteFileRow::loaded).orElse(now) : now;
          RouteFileStore.put(
              connection,
              home,
              new RouteFileRow(
                  version.name(),
                  version.digest(),
                  flows,
                  Optional.of(since),
                  Optional.empty(),
                  version.content()));
          if (!same) {
            String outcome = before.isEmpty() ? "loaded" : "changed";
            String diff = diff(was, version);
            tell(connection, new Change(version, before, flows, outcome, "", now, diff));
          }
        });
  }

  /**
   * Notes that a version was refused.
   *
   * @param running whether the version that was loaded before goes on
   */
  public void refused(Version version, String reason, boolean running) {
    database.change(
        "note route file " + version.name(),
        connection -> {
          Optional<RouteFileRow> was = RouteFileStore.of(connection, home, version.name());
          Instant now = clock.instant();
          boolean known =
              was.flatMap(RouteFileRow::refusal)
                  .filter(refusal -> refusal.digest().equals(version.digest()))
                  .filter(refusal -> refusal.reason().equals(reason))
                  .isPresent();
          if (known && was.map(RouteFileRow::isLoaded).orElse(false) == running) {
            return;
          }
          String before = running ? was.map(RouteFileRow::digest).orElse("") : "";
          List<String> flows = running ? was.map(RouteFileRow::flows).orElse(List.of()) : List.of();
          RouteFileStore.put(
              connection,
              home,
              new RouteFileRow(
                  version.name(),
                  before,
                  flows,
                  running ? was.flatMap(RouteFileRow::loaded) : Optional.empty(),
                  Optional.of(new Refusal(version.digest(), reason, now)),
                  running ? was.map(RouteFileRow::content).orElse("") : ""));
          String diff = diff(was, version);
          tell(connection, new Change(version, before, flows, "refused", reason, now, diff));
        });
  }

  /** Notes that a file is gone; its flows with it. */
  public void removed(String file, String location, String by) {
    database.change(
        "note route file " + file,
        connection -> {
          Optional<RouteFileRow> was = RouteFileStore.of(connection, home, file);
          if (was.isEmpty()) {
            return;
          }
          RouteFileStore.remove(connection, home, file);
          Version gone = new Version(file, location, "", by, "");
          tell(
              connection,
              new Change(
                  gone,
                  was.get().digest(),
                  was.get().flows(),
                  "removed",
                  "",
                  clock.instant(),
                  diff(was, gone)));
        });
  }

  /** Notes which flows are declared now; others are not shown as running. */
  public void declared(List<String> flows) {
    database.change("note flows", connection -> RouteFileStore.keepFlows(connection, home, flows));
  }

  /** What became of a version of a file. */
  record Change(
      Version version,
      String before,
      List<String> flows,
      String outcome,
      String reason,
      Instant at,
      String diff) {}

  private static String diff(Optional<RouteFileRow> was, Version version) {
    return UnifiedDiff.of(was.map(RouteFileRow::content).orElse(""), version.content());
  }

  private void tell(Connection connection, Change change) throws SQLException {
    AuditStore.add(connection, event(change), identity, origin);
  }

  private static AuditEvent event(Change change) {
    return AuditEvent.of(AuditKind.ROUTE_FILE, change.at())
        .with(AuditField.SOURCE, change.version().name())
        .with(AuditField.LOCATION, change.version().location())
        .with(AuditField.DIGEST_BEFORE, change.before())
        .with(AuditField.DIGEST, change.version().digest())
        .with(AuditField.FLOWS, change.flows())
        .with(AuditField.OUTCOME, change.outcome())
        .with(AuditField.REASON, change.reason())
        .with(AuditField.ORDERED_BY, change.version().by())
        .with(AuditField.PLANNED_AT, change.at())
        .with(AuditField.DETAIL, change.diff())
        .build();
  }
}
