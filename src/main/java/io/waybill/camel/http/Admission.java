package io.waybill.camel.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what the unanswered requests of one flow hold, so that it stays bounded. Thread-safe. */
final class Admission {
  private final HttpLimits limits;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Admission(HttpLimits limits) {
    this.limits = limits;
  }

  /** Lets a request in; null if there are too many. */
  Ticket enter() {
    if (requests.incrementAndGet() > limits.requests()) {
      requests.decrementAndGet();
      return null;
    }
    return new Ticket();
  }

  /** What one request holds. Used by one thread at a time. */
  final class Ticket {
    private long held;
    private boolean left;

    /** Whether there is room for so many more bytes; then they are held. */
    boolean hold(long more) {
      if (bytes.addAndGet(more) > limits.memory()) {
        bytes.addAndGet(-more);
        return false;
      }
      held += more;
      return true;
    }

    /** Gives everything back; again does nothing. */
    synchronized void leave() {
      if (!left) {
        left = true;
        bytes.addAndGet(-held);
        requests.decrementAndGet();
      }
    }
  }
}
