package io.waybill.lineage;

import io.waybill.lineage.LineageTransport.RefusedException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on their way. Whoever tells of one never waits: when too many wait, further ones are
 * dropped, counted and logged. One that does not arrive is sent again for a while and dropped then.
 * Thread-safe.
 */
final class LineageQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LineageQueue.class);
  private static final int TRIES = 5;
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long PATIENCE_MILLIS = 5_000;
  private static final long EVERY = 1_000;
  private final BlockingQueue<Supplier<String>> waiting;
  private final LineageTransport transport;
  private final Consumer<String> counted;
  private final AtomicLong lost = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;

  /**
   * By this way.
   *
   * @param most how many may wait
   * @param counted hears what became of each event: {@code sent}, {@code dropped} or {@code failed}
   */
  LineageQueue(int most, LineageTransport transport, Consumer<String> counted) {
    this.waiting = new LinkedBlockingQueue<>(most);
    this.transport = transport;
    this.counted = counted;
    this.thread = new Thread(this::work, "waybill-lineage");
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes an event, which is made when it is its turn; or drops it. */
  void offer(Supplier<String> event) {
    if (closing || !waiting.offer(event)) {
      lose("dropped", "too many wait");
    }
  }

  /** How many were dropped, or did not arrive. */
  long lost() {
    return lost.get();
  }

  private void work() {
    try {
      while (!closing || !waiting.isEmpty()) {
        Supplier<String> next = waiting.poll(FIRST_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          carry(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carry(Supplier<String> next) throws InterruptedException {
    try {
      send(next.get());
    } catch (IOException e) {
      lose("failed", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("an event of lineage could not be made or sent", e);
      lose("failed", e.getClass().getSimpleName());
    }
  }

  private void send(String event) throws IOException, InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    for (int i = 1; ; i++) {
      try {
        transport.send(event);
        counted.accept("sent");
        return;
      } catch (RefusedException e) {
        throw e;
      } catch (IOException e) {
        if (i == TRIES || closing) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(pause);
        pause *= 2;
      }
    }
  }

  private void lose(String how, String why) {
    counted.accept(how);
    if (lost.getAndIncrement() % EVERY == 0) {
      LOG.warn("{} events of lineage were lost up to now; the last one: {}", lost.get(), why);
    }
  }

  /** Sends what waits, for a moment. */
  @Override
  public void close() {
    closing = true;
    try {
      thread.join(PATIENCE_MILLIS);
      if (thread.isAlive()) {
        thread.interrupt();
        LOG.warn("{} events of lineage are not sent any more", waiting.size() + 1);
      }
      transport.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("the way of lineage was not closed cleanly: {}", e.getMessage());
    }
  }
}
