package io.waybill.delivery;

import java.util.concurrent.locks.ReentrantLock;

/** The same source of a flow is delivered by one thread at a time. Thread-safe. */
public final class SourceLocks {
  private static final int LOCKS = 256;
  private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

  public SourceLocks() {
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  /** Its lock; who holds it may deliver the source. */
  public ReentrantLock of(String flow, String sourceId) {
    return locks[Math.floorMod(31 * flow.hashCode() + sourceId.hashCode(), LOCKS)];
  }
}
