package io.waybill.camel;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.sql.ResultSetIterator;

/**
 * The rows of a query, read by a thread of its own while those before are being written, a few
 * hundred ahead. What fails there fails here, behind the rows before it. Used by one thread.
 */
final class ReadAhead implements Iterator<Object>, AutoCloseable {
  private static final int PORTION = 64;
  private static final int PORTIONS = 4;
  private static final long LOOK_MILLIS = 100;
  private final Iterator<?> rows;
  private final BlockingQueue<Portion> read = new ArrayBlockingQueue<>(PORTIONS);
  private final Thread reader = new Thread(this::read, "waybill-read-ahead");
  private final Queue<Object> next = new ArrayDeque<>();
  private RuntimeException failure;
  private boolean begun;
  private boolean last;
  private volatile boolean closed;

  /** Rows; the last ones come with what made them the last, if something did. */
  private record Portion(List<Object> rows, boolean last, RuntimeException failure) {}

  private ReadAhead(Iterator<?> rows) {
    this.rows = rows;
    reader.setDaemon(true);
  }

  /**
   * Reads ahead where that is known to be allowed: rows of {@code sql:}; others stay as they are.
   */
  static Iterator<?> of(Iterator<?> rows) {
    return rows instanceof ResultSetIterator ? new ReadAhead(rows) : rows;
  }

  private void read() {
    boolean more = true;
    while (more && !closed) {
      Portion portion = portion();
      more = !portion.last();
      hand(portion);
    }
  }

  private Portion portion() {
    List<Object> portion = new ArrayList<>(PORTION);
    try {
      while (portion.size() < PORTION) {
        if (!rows.hasNext()) {
          return new Portion(portion, true, null);
        }
        portion.add(rows.next());
      }
      return new Portion(portion, false, null);
    } catch (RuntimeException e) {
      return new Portion(portion, true, e);
    } catch (Error e) { // the other thread must not wait for ever
      return new Portion(portion, true, new IllegalStateException("rows cannot be read: " + e, e));
    }
  }

  private void hand(Portion portion) {
    try {
      while (!closed && !read.offer(portion, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        Thread.onSpinWait();
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public boolean hasNext() {
    if (!begun) {
      begun = true;
      reader.start();
    }
    while (next.isEmpty() && !last) {
      try {
        Portion portion = read.take();
        next.addAll(portion.rows());
        last = portion.last();
        failure = portion.failure();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while rows were read", e);
      }
    }
    if (next.isEmpty() && failure != null) {
      throw failure;
    }
    return !next.isEmpty();
  }

  @Override
  public Object next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return next.remove();
  }

  /** Returns when the other thread has left the rows, and closes them. */
  @Override
  public void close() throws IOException {
    closed = true;
    reader.interrupt();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RowBodies.close(rows);
  }
}
