package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.sql.Connection;
import java.sql.SQLException;

/** The way to one database. Thread-safe. */
interface Connector {

  /** A new connection in auto-commit mode, set up as the guarantee needs it. */
  Connection connect() throws SQLException;

  /**
   * What a failure means and what a person can do.
   *
   * @param what what was tried, as in "cannot " + what
   */
  LedgerException explain(String what, SQLException cause);

  /** Whether a connection may go on after a failure; whatever the failure left is undone then. */
  default boolean recovers(Connection connection) {
    return false;
  }

  /** A mark of the transaction that runs, by which {@link #isCommitted} knows it. */
  default long mark(Connection connection) throws SQLException {
    return 0;
  }

  /**
   * What became of a transaction whose commit failed.
   *
   * @throws SQLException if nobody can tell now
   */
  default boolean isCommitted(long mark, SQLException failure) throws SQLException {
    return false;
  }

  /** Hears that the connection is gone. */
  default void disconnected() {}
}
