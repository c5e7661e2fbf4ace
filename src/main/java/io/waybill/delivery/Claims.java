package io.waybill.delivery;

import java.util.Optional;

/**
 * Which process may deliver a source that several could: a partition of a topic whose consumer
 * group has members in other processes. A claim ends with its process, however that ends.
 * Implementations are thread-safe; a claim is not bound to the thread that made it.
 */
public interface Claims {

  /**
   * Claims a source for this process.
   *
   * @return the claim; empty while somebody else has it
   * @throws LedgerException if nobody can tell
   */
  Optional<Claim> claim(String flow, String sourceId);

  /**
   * Whether other processes see these claims, because they share the ledger; else a source that
   * another process delivers too cannot be told from one of ours.
   */
  boolean shared();

  /** A source that is claimed, until it is closed. */
  interface Claim extends AutoCloseable {

    /** Whether it is still ours; what was claimed through a connection that broke is not. */
    boolean isHeld();

    /** Gives the source back. */
    @Override
    void close();
  }
}
