package io.waybill.app;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.TrailActions;
import io.waybill.delivery.Claims.Claim;
import io.waybill.delivery.LedgerException;
import io.waybill.ledger.JdbcLedger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prunes the ledger soon after the start and once a day. */
final class LedgerPruner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerPruner.class);
  private static final String CLAIM = "waybill-prune";
  private static final long FIRST_MINUTES = 1;
  private static final long DAY_MINUTES = 24 * 60L;
  private final JdbcLedger ledger;
  private final Duration keep;
  private final AuditConfig audit;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "waybill-prune");
            thread.setDaemon(true);
            return thread;
          });

  private LedgerPruner(JdbcLedger ledger, Duration keep, AuditConfig audit, Clock clock) {
    this.ledger = ledger;
    this.keep = keep;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Begins to prune.
   *
   * @param keep how long the detail of runs is kept
   * @param audit how long events of the trail are
   */
  static LedgerPruner start(JdbcLedger ledger, Duration keep, AuditConfig audit, Clock clock) {
    LedgerPruner pruner = new LedgerPruner(ledger, keep, audit, clock);
    var unused =
        pruner.timer.scheduleWithFixedDelay(
            pruner::prune, FIRST_MINUTES, DAY_MINUTES, TimeUnit.MINUTES);
    return pruner;
  }

  private void prune() {
    try (Claim mine = ledger.claims().claim(CLAIM, "").orElse(null)) {
      if (mine == null) {
        return; // another process that shares the ledger does it
      }
      long batches = ledger.prune(clock.instant().minus(keep));
      if (batches > 0) {
        LOG.info("pruned {} batches that were settled more than {} ago", batches, keep);
        note(batches);
      }
      pruneTrail();
    } catch (LedgerException e) {
      LOG.warn("the ledger was not pruned: {}", e.getMessage());
    }
  }

  private void note(long batches) {
    Instant now = clock.instant();
    ledger.note(
        AuditEvent.of(AuditKind.RETENTION, now)
            .with(AuditField.ACTION, TrailActions.PRUNE_BATCHES)
            .with(AuditField.ROWS, batches)
            .with(AuditField.UNTIL, now.minus(keep))
            .build());
  }

  private void pruneTrail() {
    Instant now = clock.instant();
    Map<String, Instant> before = new HashMap<>();
    audit.keepKinds().forEach((kind, time) -> before.put(kind, now.minus(time)));
    long events = ledger.trail().prune(before, now.minus(audit.keep()), now);
    if (events > 0) {
      LOG.info("pruned {} audit events", events);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
