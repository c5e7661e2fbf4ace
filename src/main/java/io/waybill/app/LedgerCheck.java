package io.waybill.app;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import io.waybill.ledger.AuditTable;
import io.waybill.ledger.Identity;
import io.waybill.ledger.JdbcLedger;
import java.util.List;
import java.util.Optional;

/**
 * Looks whether this is the newest state of the ledger, and its host: the audit trail remembers how
 * far it was. One that was restored from a backup, or copied, would plan and number anew what was
 * delivered since. Thread-safe.
 */
final class LedgerCheck {
  private static final int UNKNOWN_TABLE = 60;
  private static final int UNKNOWN_DATABASE = 81;
  private final JdbcLedger ledger;
  private final ClickHouseClient client;
  private volatile boolean passed;

  LedgerCheck(JdbcLedger ledger, ClickHouseClient client) {
    this.ledger = ledger;
    this.client = client;
  }

  /** How far the audit trail knows a ledger. */
  record Known(int epoch, long seq) {}

  /**
   * Why nothing may be delivered with this ledger; once there is no reason it is not asked again.
   */
  Optional<Failure> objection() {
    if (passed) {
      return Optional.empty();
    }
    Identity identity = ledger.identity();
    if (!ledger.claims().shared() && !identity.host().equals(ledger.host())) {
      return Optional.of(
          hold(
              "LEDGER_FOREIGN",
              "the ledger belongs to host %s, and this is %s"
                  .formatted(identity.host(), ledger.host())));
    }
    try {
      Known known = known(client, identity);
      boolean behind =
          known.epoch() > identity.epoch()
              || (known.epoch() == identity.epoch() && known.seq() > identity.seq());
      if (behind) {
        return Optional.of(
            hold(
                "LEDGER_BEHIND",
                "the ledger is at audit event %d of epoch %d, and waybill.audit knows %d of epoch %d: it was restored or copied"
                    .formatted(identity.seq(), identity.epoch(), known.seq(), known.epoch())));
      }
      passed = true;
      return Optional.empty();
    } catch (QueryFailedException e) {
      return Optional.empty(); // the preflight that follows says what is the matter with ClickHouse
    }
  }

  /**
   * What the audit trail knows.
   *
   * @throws QueryFailedException if it cannot be asked
   */
  static Known known(ClickHouseClient client, Identity identity) {
    try {
      List<String> lines =
          client.lines(
              "SELECT toString(epoch), toString(max(seq)) FROM %s WHERE ledger = '%s' GROUP BY epoch ORDER BY epoch DESC LIMIT 1"
                  .formatted(AuditTable.NAME.quoted(), identity.id()));
      if (lines.isEmpty()) {
        return new Known(0, 0);
      }
      String[] fields = lines.get(0).split("\t", -1);
      return new Known(Integer.parseInt(fields[0]), Long.parseLong(fields[1]));
    } catch (QueryFailedException e) {
      if (e.code() == UNKNOWN_TABLE || e.code() == UNKNOWN_DATABASE) {
        return new Known(0, 0);
      }
      throw e;
    }
  }

  /**
   * Number of the last event of the ledger's own epoch that the audit trail knows.
   *
   * @throws QueryFailedException if it cannot be asked
   */
  static long arrived(ClickHouseClient client, Identity identity) {
    try {
      return Long.parseLong(
          client
              .lines(
                  "SELECT toString(max(seq)) FROM %s WHERE ledger = '%s' AND epoch = %d"
                      .formatted(AuditTable.NAME.quoted(), identity.id(), identity.epoch()))
              .get(0));
    } catch (QueryFailedException e) {
      if (e.code() == UNKNOWN_TABLE || e.code() == UNKNOWN_DATABASE) {
        return 0;
      }
      throw e;
    }
  }

  private static Failure hold(String name, String reason) {
    return new Failure(
        Verdict.HOLD,
        0,
        name,
        reason,
        "restore the newest ledger, or make sure that no other process uses it and ./waybill ledger adopt");
  }
}
