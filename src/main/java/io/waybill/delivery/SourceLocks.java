package io.waybill.delivery;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** The same source of a flow is delivered by one thread at a time. Thread-safe. */
public final class SourceLocks {
  private static final int LOCKS = 256;
  private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
  private final Function<String, Optional<Failure>> elsewhere;

  /** For the only process that has the ledger. */
  public SourceLocks() {
    this(flow -> Optional.empty());
  }

  /**
   * For one of several processes that share the ledger.
   *
   * @param elsewhere why another process delivers a flow now, if one does
   */
  public SourceLocks(Function<String, Optional<Failure>> elsewhere) {
    this.elsewhere = elsewhere;
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  /** Its lock; who holds it may deliver the source. */
  public ReentrantLock of(String flow, String sourceId) {
    return locks[Math.floorMod(31 * flow.hashCode() + sourceId.hashCode(), LOCKS)];
  }

  /**
   * Makes sure that this process may deliver a flow now.
   *
   * @throws HeldDeliveryException if another one delivers it
   */
  void requireHere(String flow) {
    Optional<Failure> why = elsewhere.apply(flow);
    if (why.isPresent()) {
      throw new HeldDeliveryException(why.get());
    }
  }
}
