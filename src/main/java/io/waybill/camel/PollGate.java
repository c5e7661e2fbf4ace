package io.waybill.camel;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.apache.camel.support.ScheduledPollConsumer;

/**
 * Lets a trigger poll a source by itself: the source's own polls are left out meanwhile, and one
 * that is under way is waited for. Thread-safe.
 */
final class PollGate implements PollingConsumerPollStrategy {
  private final PollingConsumerPollStrategy next;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile Exception trouble;

  private PollGate(PollingConsumerPollStrategy next) {
    this.next = next == null ? new DefaultPollingConsumerPollStrategy() : next;
  }

  /** The gate of a consumer. */
  static PollGate of(ScheduledPollConsumer consumer) {
    if (consumer.getPollStrategy() instanceof PollGate gate) {
      return gate;
    }
    PollGate gate = new PollGate(consumer.getPollStrategy());
    consumer.setPollStrategy(gate);
    return gate;
  }

  /** Polls once; returns what went wrong, or null. */
  Exception poll(ScheduledPollConsumer consumer) throws InterruptedException {
    lock.writeLock().lockInterruptibly();
    try {
      trouble = null;
      consumer.run();
      return trouble;
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public boolean begin(Consumer consumer, Endpoint endpoint) {
    if (!lock.readLock().tryLock()) {
      return false;
    }
    boolean begun = false;
    try {
      begun = next.begin(consumer, endpoint);
      return begun;
    } finally {
      if (!begun) {
        lock.readLock().unlock();
      }
    }
  }

  @Override
  public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
    try {
      next.commit(consumer, endpoint, polledMessages);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public boolean rollback(Consumer consumer, Endpoint endpoint, int retry, Exception cause)
      throws Exception {
    trouble = cause;
    if (lock.getReadHoldCount() > 0) {
      lock.readLock().unlock();
    }
    return next.rollback(consumer, endpoint, retry, cause);
  }
}
