package io.waybill.camel;

import io.waybill.camel.BatchDelivery.Sending;
import io.waybill.delivery.Attempts;
import io.waybill.delivery.AuditOutbox;
import io.waybill.delivery.AuditOutbox.FrozenAudit;
import io.waybill.delivery.Claims;
import io.waybill.delivery.Claims.Claim;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.RefusedBatchException;
import io.waybill.delivery.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries audit events from the ledger's outbox through {@code direct:waybill-audit} into {@code
 * waybill.audit}, exactly once: what is to be sent is frozen first, and sent again as it was. Makes
 * no audit events itself. Thread-safe.
 */
public final class AuditCarrier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditCarrier.class);
  private static final String ROUTE = "direct:waybill-audit";
  private static final String CLAIM = "waybill-audit";
  private static final int EVENTS = 10_000;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private final AuditOutbox outbox;
  private final Claims claims;
  private final Supplier<InsertShape> shape;
  private final Clock clock;
  private final FaultPoint faults;
  private final ScheduledExecutorService thread;
  private final DeliverRoute route;
  private final CamelContext context;
  private volatile String trouble = "";
  private volatile Instant troubleSince = Instant.MAX;
  private String logged = "";
  private Optional<Claim> claim = Optional.empty();

  /**
   * A carrier; {@link #start} sets it going.
   *
   * @param claims one process at a time carries the events of a ledger
   * @param faults hears of each step
   * @param shape asks for the shape of {@code waybill.audit}, making the table if it is not there
   */
  public AuditCarrier(
      CamelContext context,
      AuditOutbox outbox,
      Claims claims,
      Supplier<InsertShape> shape,
      Clock clock,
      FaultPoint faults)
      throws Exception {
    this.context = context;
    this.outbox = outbox;
    this.claims = claims;
    this.shape = shape;
    this.clock = clock;
    this.faults = faults;
    this.route = new DeliverRoute(context, ROUTE);
    this.thread =
        context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "waybill-audit");
  }

  /** Begins to carry. */
  public void start() {
    again(Duration.ZERO);
  }

  /** Why events cannot be carried now; empty when they can. */
  public String trouble() {
    return trouble;
  }

  /** Whether events have waited for longer than a short outage takes. */
  public boolean isStuck() {
    return !trouble.isEmpty() && clock.instant().isAfter(troubleSince.plus(PATIENCE));
  }

  private void again(Duration pause) {
    if (!thread.isShutdown()) {
      var unused = thread.schedule(this::carryOn, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void carryOn() {
    try {
      while (isMine() && carry()) {
        trouble = "";
        troubleSince = Instant.MAX;
        logged = "";
      }
      again(PAUSE);
    } catch (DeliveryStoppedException e) {
      LOG.debug("stopping; a frozen batch of audit events is sent when Waybill runs again");
    } catch (HeldDeliveryException | RefusedBatchException | LedgerException e) {
      inTrouble(e);
    } catch (RuntimeException e) {
      LOG.error("audit events cannot be carried", e);
      inTrouble(e);
    }
  }

  private void inTrouble(RuntimeException e) {
    if (trouble.isEmpty()) {
      troubleSince = clock.instant();
    }
    trouble = String.valueOf(e.getMessage());
    if (!trouble.equals(logged)) {
      logged = trouble;
      LOG.warn("audit events wait in the ledger: {}", trouble);
    }
    again(PAUSE_AFTER_FAILURE);
  }

  private boolean isMine() {
    if (claim.isEmpty() || !claim.get().isHeld()) {
      claim.ifPresent(Claim::close);
      claim = claims.claim(CLAIM, "");
    }
    return claim.isPresent();
  }

  private boolean carry() {
    Optional<FrozenAudit> next = outbox.frozen();
    boolean leftBehind = next.isPresent();
    if (next.isEmpty()) {
      if (outbox.pending() == 0) {
        return false;
      }
      next = outbox.freeze(shape.get(), EVENTS, clock.instant());
      faults.reached(Step.AUDIT_FROZEN);
    }
    if (next.isEmpty()) {
      return false;
    }
    FrozenAudit audit = next.get();
    Attempts attempts =
        Attempts.uncounted(audit.plan(), audit.formerTokens(), leftBehind, outbox::renew);
    InsertReceipt receipt = route.send(attempts, audit.body(), Sending.PLAIN);
    if (!receipt.proves(attempts.plan())) {
      throw new IllegalStateException("the audit route came back with a foreign receipt");
    }
    faults.reached(Step.AUDIT_SENT);
    outbox.settled(attempts.plan());
    faults.reached(Step.AUDIT_SETTLED);
    return true;
  }

  @Override
  public void close() {
    context.getExecutorServiceManager().shutdownNow(thread);
  }
}
