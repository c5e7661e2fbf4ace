package io.waybill.app;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.AuditLog;
import io.waybill.delivery.LedgerException;
import io.waybill.vault.VaultListener;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes logins to Vault and leases in the trail, by a thread of its own: whoever logs in may be the
 * one that the ledger waits for. What happens before there is a ledger, or while it cannot be
 * written, waits; beyond a bound it is dropped and logged. Thread-safe.
 */
final class VaultTrail implements VaultListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VaultTrail.class);
  private static final int MOST = 10_000;
  private static final long PAUSE_SECONDS = 1;
  private static final long PATIENCE_SECONDS = 5;
  private final Clock clock;
  private final Queue<AuditEvent> waiting = new ArrayDeque<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread daemon = new Thread(work, "waybill-vault-trail");
            daemon.setDaemon(true);
            return daemon;
          });
  private Optional<AuditLog> trail = Optional.empty();

  VaultTrail(Clock clock) {
    this.clock = clock;
  }

  /** Notes what waits, and from now on what happens. */
  void open(AuditLog log) {
    synchronized (waiting) {
      trail = Optional.of(log);
    }
    var unused = thread.scheduleWithFixedDelay(this::carry, 0, PAUSE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void login(String auth, String accessor, Optional<Instant> until, String trouble) {
    AuditEvent.Builder event =
        AuditEvent.of(AuditKind.LOGIN, clock.instant())
            .with(AuditField.ACTION, "vault-" + auth)
            .with(AuditField.SOURCE, "vault")
            .with(AuditField.OUTCOME, trouble.isEmpty() ? "done" : "failed")
            .with(AuditField.REASON, trouble)
            .with(AuditField.IDENTITY_SOURCE, "vault")
            .with(AuditField.ACCESSOR, accessor);
    until.ifPresent(end -> event.with(AuditField.UNTIL, end));
    add(event.build());
  }

  @Override
  public void lease(Change change, String path, String user, String lease, Instant until) {
    add(
        AuditEvent.of(AuditKind.LEASE, clock.instant())
            .with(AuditField.ACTION, change.name().toLowerCase(Locale.ROOT))
            .with(AuditField.SOURCE, path)
            .with(AuditField.OUTCOME, change == Change.ABANDONED ? "failed" : "done")
            .with(AuditField.CLICKHOUSE_USER, user)
            .with(AuditField.LEASE, lease)
            .with(AuditField.UNTIL, until)
            .build());
  }

  private void add(AuditEvent event) {
    synchronized (waiting) {
      if (waiting.size() < MOST) {
        waiting.add(event);
      } else {
        LOG.warn("an audit event of kind {} was dropped: the ledger takes none", event.kind());
      }
    }
  }

  private void carry() {
    try {
      AuditEvent next = first();
      while (next != null) {
        trail.orElseThrow().note(next);
        remove();
        next = first();
      }
    } catch (LedgerException e) {
      LOG.debug("logins and leases are noted later: {}", e.getMessage());
    }
  }

  private AuditEvent first() {
    synchronized (waiting) {
      return trail.isEmpty() ? null : waiting.peek();
    }
  }

  private void remove() {
    synchronized (waiting) {
      waiting.remove();
    }
  }

  /** Notes what is left, as far as the ledger takes it. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("some logins and leases were not noted in the audit trail");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    carry();
  }
}
