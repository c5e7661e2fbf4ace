package io.waybill.app;

import io.waybill.audit.AuditField;
import io.waybill.audit.AuditReport;
import io.waybill.audit.ChainEntry;
import io.waybill.audit.ChainPoint;
import io.waybill.audit.HeadFile;
import io.waybill.audit.HeadSigner;
import io.waybill.audit.SignedHead;
import io.waybill.audit.SigningException;
import io.waybill.audit.TrailVerifier;
import io.waybill.audit.TrustedKeys;
import io.waybill.delivery.Claims;
import io.waybill.delivery.Claims.Claim;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Step;
import io.waybill.ledger.AuditRow;
import io.waybill.ledger.TrailBook;
import io.waybill.ledger.TrailChain;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs how far the audit trail is, every so often and at the end. What came since the last head is
 * verified first: what is not whole is not signed, and said. A head goes into its file before the
 * trail tells of it, so that a crash in between loses neither. Deliveries do not wait for it.
 * Thread-safe.
 */
final class AuditSigner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditSigner.class);
  private static final String CLAIM = "waybill-audit-sign";
  private static final long PATIENCE_SECONDS = 10;
  private final TrailBook trail;
  private final Claims claims;
  private final Optional<HeadSigner> signer;
  private final HeadFile heads;
  private final Clock clock;
  private final FaultPoint faults;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "waybill-audit-sign");
            thread.setDaemon(true);
            return thread;
          });
  private volatile String trouble = "";
  private Optional<ChainPoint> last = Optional.empty();

  /**
   * Signs in this trail.
   *
   * @param signer the key; empty to sign nothing
   */
  AuditSigner(
      TrailBook trail,
      Claims claims,
      Optional<HeadSigner> signer,
      HeadFile heads,
      Clock clock,
      FaultPoint faults) {
    this.trail = trail;
    this.claims = claims;
    this.signer = signer;
    this.heads = heads;
    this.clock = clock;
    this.faults = faults;
  }

  /** Begins at once with what was left unsigned. */
  AuditSigner start(Duration every) {
    if (signer.isPresent()) {
      var unused =
          timer.scheduleWithFixedDelay(
              () -> sign(true), 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }
    return this;
  }

  /** Why the trail is not signed; empty if it is. */
  String trouble() {
    return trouble;
  }

  private void sign(boolean noted) {
    try (Claim mine = claims.claim(CLAIM, "").orElse(null)) {
      if (mine == null) {
        return; // another process that shares the ledger does it
      }
      sign(trail.chain(), noted);
      well();
    } catch (LedgerException | SigningException | IOException e) {
      inTrouble(e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the audit trail cannot be signed", e);
      inTrouble(String.valueOf(e));
    }
  }

  private void sign(TrailChain chain, boolean noted) throws SigningException, IOException {
    ChainPoint now = chain.last();
    Optional<ChainEntry> told = trail.lastHead();
    long signed = told.map(head -> head.number(AuditField.POSITION_TO)).orElse(0L);
    boolean onlyHead = told.isPresent() && told.get().seq() == now.seq() && signed == now.seq() - 1;
    boolean keptAlready = !noted && last.filter(now::equals).isPresent();
    if (now.seq() < chain.from() || onlyHead || keptAlready) {
      return;
    }
    requireWhole(chain, told);
    SignedHead head = SignedHead.sign(now, chain.from(), clock.instant(), signer.orElseThrow());
    heads.add(head);
    last = Optional.of(now);
    faults.reached(Step.HEAD_KEPT);
    if (noted) {
      trail.signed(head);
      faults.reached(Step.HEAD_NOTED);
    }
  }

  /** What is signed here must be what follows from what was signed before. */
  private void requireWhole(TrailChain chain, Optional<ChainEntry> told) throws SigningException {
    ChainPoint now = chain.last();
    TrailVerifier verifier = new TrailVerifier(now.ledger(), TrustedKeys.none());
    verifier.markBegin(now.epoch(), chain.from());
    verifier.mark(now, "the ledger's own count", true);
    trail.marks(row -> ChainEntry.parse(row.line()).ifPresent(verifier::mark));
    long after = 0;
    if (told.isPresent() && told.get().number(AuditField.POSITION_TO) >= chain.from()) {
      after = told.get().number(AuditField.POSITION_TO);
      verifier.startAfter(
          new ChainPoint(now.ledger(), now.epoch(), after, told.get().text(AuditField.DIGEST)));
    }
    trail.between(after, now.seq(), row -> take(verifier, row));
    AuditReport report = verifier.end();
    if (!report.isWhole()) {
      throw new SigningException(
          "it is not whole and is not signed: %s; './waybill audit verify' says more"
              .formatted(report.findings().get(0)));
    }
  }

  private static void take(TrailVerifier verifier, AuditRow row) {
    ChainEntry.parse(row.line())
        .ifPresentOrElse(
            verifier::entry,
            () -> verifier.unreadable("row %d of the ledger".formatted(row.seq())));
  }

  private void well() {
    if (!trouble.isEmpty()) {
      LOG.info("the audit trail is signed again");
    }
    trouble = "";
  }

  private void inTrouble(String reason) {
    if (!reason.equals(trouble)) {
      LOG.error("the audit trail was not signed: {}", reason);
    }
    trouble = reason;
  }

  /** Signs what is left; the trail tells of it when Waybill runs again. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the end of the audit trail was not signed");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (signer.isPresent()) {
      sign(false);
    }
  }
}
