package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One connection that one thread uses at a time. Thread-safe; work must not call back into it.
 *
 * <p>After a failed transaction the connection is closed, which rolls back whatever was left of it,
 * and the next call opens another: a full disk or an I/O error can leave a connection in states
 * that cannot be told apart otherwise.
 */
final class LedgerDatabase implements AutoCloseable {
  private final Connector connector;
  private final ReentrantLock lock = new ReentrantLock();
  private Connection connection;
  private boolean closed;

  LedgerDatabase(Connector connector) {
    this.connector = connector;
  }

  /** What is done with the connection. */
  @FunctionalInterface
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  /** Changes only. */
  @FunctionalInterface
  interface Change {
    void with(Connection connection) throws SQLException;
  }

  /** Does all of it or nothing; when this returns it is on disk. */
  <T> T transaction(String what, Work<T> work) {
    lock.lock();
    try {
      Connection current = current();
      current.setAutoCommit(false);
      T result = work.with(current);
      current.commit();
      current.setAutoCommit(true);
      return result;
    } catch (SQLException e) {
      discard(e);
      throw connector.explain(what, e);
    } catch (RuntimeException e) {
      discard(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  void change(String what, Change change) {
    transaction(
        what,
        current -> {
          change.with(current);
          return true;
        });
  }

  /** Reads, outside of a transaction. */
  <T> T read(String what, Work<T> work) {
    lock.lock();
    try {
      return work.with(current());
    } catch (SQLException e) {
      throw connector.explain(what, e);
    } finally {
      lock.unlock();
    }
  }

  private Connection current() throws SQLException {
    if (closed) {
      throw new LedgerException("the ledger is closed", null);
    }
    if (connection == null) {
      connection = connector.connect();
    }
    return connection;
  }

  private void discard(Exception because) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
    connection = null;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      throw connector.explain("close the ledger", e);
    } finally {
      connection = null;
      lock.unlock();
    }
  }
}
