package io.waybill.delivery;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The batches of one run that are in memory. {@link #enter} waits while there are too many, so that
 * the source is not read further; the first failure closes the window and comes out of the next
 * call.
 */
final class Window {
  private final Semaphore places;
  private final int size;
  private final Executor senders;
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  /**
   * A window.
   *
   * @param inFlight batches that may be sent at once; one more may be cut meanwhile
   * @param senders runs the sending; has as many threads
   */
  Window(int inFlight, Executor senders) {
    this.size = inFlight + 1;
    this.places = new Semaphore(size);
    this.senders = senders;
  }

  /** Takes a place for the next batch; give it back by {@link #leave} or {@link #send}. */
  void enter() {
    acquire(1);
    if (failure.get() != null) {
      places.release();
      throw failure.get();
    }
  }

  /** Whether something failed, so that nothing more is to be sent. */
  boolean isClosed() {
    return failure.get() != null;
  }

  void leave() {
    places.release();
  }

  /** Sends in the place that was taken, and gives the place back. */
  void send(Runnable delivery) {
    CompletableFuture<Void> sent;
    try {
      sent = CompletableFuture.runAsync(delivery, senders);
    } catch (RuntimeException e) {
      places.release();
      throw new DeliveryStoppedException(e);
    }
    var unused =
        sent.whenComplete(
            (done, thrown) -> {
              if (thrown != null) {
                failure.compareAndSet(null, asRuntime(thrown));
              }
              places.release();
            });
  }

  /** Waits until nothing is in flight; throws the first failure. */
  void drain() {
    settle();
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  /** Waits until nothing is in flight, whatever came of it. */
  void settle() {
    acquire(size);
    places.release(size);
  }

  private void acquire(int count) {
    try {
      places.acquire(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeliveryStoppedException(e);
    }
  }

  private static RuntimeException asRuntime(Throwable thrown) {
    Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
    return cause instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("sending failed: " + cause, cause);
  }
}
