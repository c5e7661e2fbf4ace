package io.waybill.app;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.TrailActions;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.ledger.Identity;
import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.LedgerBackup;
import io.waybill.ledger.Origin;
import io.waybill.ledger.TrailBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What people do with the ledger itself. */
public final class LedgerKeeping {
  private LedgerKeeping() {}

  /**
   * Writes a consistent copy of the ledger, also while a process serves the home, and notes that.
   *
   * @throws IOException if it cannot be written, or is there already
   */
  public static void backup(Home home, WaybillConfig config, Path file) throws IOException {
    Instant began = Instant.now();
    LedgerBackup.write(home.ledger(), file);
    Instant now = Instant.now();
    TrailBook.note(
        home.ledger(),
        Origin.on(config.ledgerHost()),
        AuditEvent.of(AuditKind.LEDGER, now)
            .with(AuditField.ACTION, TrailActions.BACKUP)
            .with(AuditField.LOCATION, file.toAbsolutePath().normalize().toString())
            .with(AuditField.OUTCOME, "done")
            .with(AuditField.ORDERED_BY, LocalUser.signature())
            .with(AuditField.IDENTITY_SOURCE, "local")
            .with(AuditField.ELAPSED_MS, Duration.between(began, now).toMillis())
            .build());
  }

  private static void refuseOthers(JdbcLedger ledger) {
    if (!ledger.others().isEmpty()) {
      throw new ConfigurationException(
          List.of("other processes have this ledger open: " + String.join("; ", ledger.others())));
    }
  }

  /**
   * Begins a new epoch of the ledger on this host.
   *
   * @return what it is then
   * @throws ConfigurationException if another process has the home or ClickHouse cannot be asked
   */
  public static Identity adopt(Home home, WaybillConfig config, DownloadListener listener)
      throws IOException {
    HomeLock lock = HomeLock.take(home);
    try (lock;
        Access access = Access.open(home, config, listener);
        LedgerSite site = LedgerSite.of(home, config, access.credentials());
        JdbcLedger ledger = site.open()) {
      refuseOthers(ledger);
      Identity identity = ledger.identity();
      int epoch =
          Math.max(identity.epoch(), LedgerCheck.known(access.client(), identity).epoch()) + 1;
      long arrived = LedgerCheck.arrived(access.client(), identity);
      ledger.adopt(epoch, arrived, LocalUser.signature(), Instant.now());
      return ledger.identity();
    } catch (QueryFailedException e) {
      throw new ConfigurationException(
          List.of(
              "waybill.audit cannot be asked how far this ledger was: " + e.getMessage(),
              "start ClickHouse first"));
    }
  }
}
