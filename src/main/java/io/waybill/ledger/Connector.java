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
}
