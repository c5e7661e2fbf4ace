package io.waybill.vault;

import io.waybill.secret.Credential;
import io.waybill.secret.CredentialsException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** User and password that stand in secrets, which are looked at from time to time. */
final class WatchedCredentials extends RotatingCredentials {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedCredentials.class);
  private static final int JITTER = 5;
  private final Vault vault;
  private final String what;
  private final Supplier<Credential> source;
  private boolean wellKnown = true;
  private ScheduledFuture<?> next;
  private boolean closed;

  /**
   * Looked at as often as the settings say.
   *
   * @param what what a person calls them
   */
  WatchedCredentials(Vault vault, String what, Supplier<Credential> source) {
    super(abandoned -> LOG.info("nobody asks as {} any more", abandoned.user()), false);
    this.vault = vault;
    this.what = what;
    this.source = source;
    schedule();
  }

  @Override
  Credential fetch() {
    return source.get();
  }

  private synchronized void schedule() {
    if (!closed) {
      long millis = vault.poll().toMillis();
      long early = ThreadLocalRandom.current().nextLong(millis / JITTER + 1);
      next = vault.scheduler().schedule(this::look, millis - early, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    try {
      if (replace(fetch())) {
        LOG.info("{} changed; new connections are made as {}", what, current().user());
      }
      wellKnown = true;
    } catch (CredentialsException e) {
      if (wellKnown) {
        LOG.warn("{}; {}; what was read last stays in use", e.getMessage(), e.remedy());
      }
      wellKnown = false;
    } finally {
      schedule();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel(false);
  }
}
