package io.waybill.app;

import io.waybill.delivery.LedgerException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches policy.yaml while flows run, whatever is said of route files: rights must end when they
 * are taken away. A file counts when it was the same twice.
 */
final class PolicyWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);
  private static final long LOOK_MILLIS = 1_000;
  private static final long PATIENCE_MILLIS = 10_000;
  private final LivePolicies policies;
  private final PolicyNotes notes;
  private final Runnable changed;
  private final long quietMillis;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "waybill-policy");

  private PolicyWatch(
      LivePolicies policies, PolicyNotes notes, Runnable changed, WaybillConfig.Reload pace) {
    this.policies = policies;
    this.notes = notes;
    this.changed = changed;
    this.quietMillis = pace.quiet().toMillis();
  }

  /**
   * Begins to watch.
   *
   * @param changed hears that another policy holds
   */
  static PolicyWatch start(
      LivePolicies policies, PolicyNotes notes, Runnable changed, WaybillConfig.Reload pace) {
    PolicyWatch watch = new PolicyWatch(policies, notes, changed, pace);
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  private void run() {
    try {
      while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        lookWell();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookWell() throws InterruptedException {
    try {
      Optional<String> news = policies.news();
      if (news.isPresent()
          && !closed.await(quietMillis, TimeUnit.MILLISECONDS)
          && policies.news().filter(news.get()::equals).isPresent()) {
        look();
      }
    } catch (LedgerException e) {
      LOG.warn("a change of the policy is not in the ledger: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the policy cannot be looked at", e);
    }
  }

  private void look() {
    boolean taken = policies.look();
    policies
        .refused()
        .ifPresent(
            refused ->
                LOG.warn(
                    "policy.yaml is not taken, the one before holds: {}",
                    refused.reason().replace("\n", "; ")));
    if (taken) {
      LOG.info("policy.yaml is taken: {}", policies.current().hash());
    }
    try {
      notes.note();
    } finally {
      if (taken) {
        changed.run();
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
