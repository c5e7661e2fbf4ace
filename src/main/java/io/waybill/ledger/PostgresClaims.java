package io.waybill.ledger;

import io.waybill.delivery.Claims;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.LocalClaims;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Claims among processes that share a ledger in PostgreSQL: advisory locks of the session in which
 * this process changes the ledger. Who lost a claim with that session cannot change anything in it
 * either. Thread-safe.
 */
final class PostgresClaims implements Claims {
  private final LedgerDatabase database;
  private final Instance instance;
  private final String ledger;
  // a session may take the same lock twice
  private final LocalClaims own = new LocalClaims();

  PostgresClaims(LedgerDatabase database, Instance instance, String ledger) {
    this.database = database;
    this.instance = instance;
    this.ledger = ledger;
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public Optional<Claim> claim(String flow, String sourceId) {
    Optional<Claim> local = own.claim(flow, sourceId);
    if (local.isEmpty()) {
      return Optional.empty();
    }
    long key = AdvisoryKey.of("claim", ledger, flow, sourceId);
    try {
      Optional<Claim> claim =
          database.read(
              "claim a source",
              connection ->
                  AdvisoryKey.tryLock(connection, key)
                      ? Optional.of(new Shared(local.get(), key, instance.lostSessions()))
                      : Optional.empty());
      if (claim.isEmpty()) {
        local.get().close();
      }
      return claim;
    } catch (LedgerException e) {
      local.get().close();
      throw e;
    }
  }

  private final class Shared implements Claim {
    private final Claim local;
    private final long key;
    private final int lostBefore;
    private final AtomicBoolean closed = new AtomicBoolean();

    Shared(Claim local, long key, int lostBefore) {
      this.local = local;
      this.key = key;
      this.lostBefore = lostBefore;
    }

    @Override
    public boolean isHeld() {
      return !closed.get() && database.isConnected() && isOfThisSession();
    }

    private boolean isOfThisSession() {
      return instance.lostSessions() == lostBefore;
    }

    /** A session that is gone has given it back already. */
    @Override
    public void close() {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      try {
        database.read(
            "give a source back",
            connection -> {
              if (isOfThisSession()) {
                AdvisoryKey.unlock(connection, key);
              }
              return true;
            });
      } catch (LedgerException gone) {
        // the lock has gone with its session
      } finally {
        local.close();
      }
    }
  }
}
