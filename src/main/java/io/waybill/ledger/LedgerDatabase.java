package io.waybill.ledger;

import io.waybill.delivery.LedgerException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One connection that one thread uses at a time. Thread-safe; work must not call back into it.
 *
 * <p>After a failure the connection is closed unless its {@link Connector} says that it recovers,
 * which rolls back whatever was left of it, and the next call opens another: a full disk or an I/O
 * error can leave a connection to SQLite in states that cannot be told apart otherwise.
 */
final class LedgerDatabase implements AutoCloseable {
  private static final int VALID_SECONDS = 5;
  private final Connector connector;
  private final ReentrantLock lock = new ReentrantLock();
  private Connection connection;
  private boolean closed;
  private volatile Consumer<Duration> timing = took -> {};

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

  /** Tells how long each transaction takes, with the wait for its turn. */
  void timed(Consumer<Duration> hears) {
    this.timing = hears;
  }

  /** Does all of it or nothing; when this returns it is on disk. */
  <T> T transaction(String what, Work<T> work) {
    long began = System.nanoTime();
    try {
      return transactionInTurn(what, work);
    } finally {
      timing.accept(Duration.ofNanos(System.nanoTime() - began));
    }
  }

  private <T> T transactionInTurn(String what, Work<T> work) {
    lock.lock();
    try {
      T result;
      long mark;
      try {
        Connection current = current();
        current.setAutoCommit(false);
        result = work.with(current);
        mark = connector.mark(current);
      } catch (SQLException e) {
        recover(e);
        throw connector.explain(what, e);
      } catch (RuntimeException e) {
        recover(e);
        throw e;
      }
      commit(what, mark);
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** An answer that was lost does not say that nothing happened. */
  private void commit(String what, long mark) {
    try {
      connection.commit();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      discard(e);
      try {
        if (connector.isCommitted(mark, e)) {
          return;
        }
      } catch (SQLException unknown) {
        e.addSuppressed(unknown);
      }
      throw connector.explain(what, e);
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
      if (connection != null && connector.recovers(connection)) {
        throw connector.explain(what, e);
      }
      discard(e);
      throw connector.explain(what, e);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the connection that there was is still there; asks the server. */
  boolean isConnected() {
    lock.lock();
    try {
      if (connection != null && !connection.isValid(VALID_SECONDS)) {
        discard(new SQLException("the connection is gone"));
      }
      return connection != null;
    } catch (SQLException e) {
      discard(e);
      return false;
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

  private void recover(Exception because) {
    if (connection == null || !connector.recovers(connection)) {
      discard(because);
    }
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
    connector.disconnected();
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
