package io.waybill.audit;

/**
 * Port: the trail. What is noted is durable when {@link #note} returns, has its place in the chain,
 * and arrives once in {@code waybill.audit}. Thread-safe.
 */
@FunctionalInterface
public interface AuditLog {

  /**
   * Notes an event in a transaction of its own. What happens by a change of the ledger is noted in
   * the transaction of that change instead.
   *
   * <p>Throws what the ledger throws if it cannot be written: whoever must not go on without a
   * trail does not catch it.
   */
  void note(AuditEvent event);
}
