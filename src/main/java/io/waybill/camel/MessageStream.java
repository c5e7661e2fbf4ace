package io.waybill.camel;

import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the messages of one flow: many go to disk with one fsync, and all that came within an
 * interval, or as many as make a batch, are delivered together. While they are, the next ones are
 * collected, however long it takes. Thread-safe.
 */
final class MessageStream implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(MessageStream.class);
  private static final int QUEUE = 1000;
  private static final long TICK_MILLIS = 20;
  private final MessageSpool spool;
  private final Rolling rolling;
  private final Clock clock;
  private final Runnable delivery;
  private final ExecutorService threads;
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Map<String, CompletableFuture<Arrival>> undelivered = new ConcurrentHashMap<>();
  private final AtomicInteger unstored = new AtomicInteger();
  private final AtomicInteger deliveries = new AtomicInteger();
  private final SeenMessages seen = new SeenMessages();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean closed;
  private volatile MessageFile file;
  private long spooled;

  /**
   * When what was collected is delivered.
   *
   * @param interval since its first message
   * @param rows so many rows
   * @param bytes so many bytes
   * @param most what may wait in the spool, in bytes
   */
  record Rolling(Duration interval, long rows, long bytes, long most) {}

  /**
   * A message that is durable.
   *
   * @param duplicate whether it is, because it came before
   * @param delivered completes when it arrived; at once for a duplicate whose first one is not to
   *     be had any more
   * @param from where its rows begin in what is delivered
   * @param to where they end
   */
  record Stored(boolean duplicate, CompletableFuture<Arrival> delivered, long from, long to) {}

  private record Waiting(
      ByteBuffer rows, Optional<MessageId> id, CompletableFuture<Stored> stored) {}

  /**
   * Begins, with what was left.
   *
   * @param delivery delivers what waits in the spool, and tells of each file
   * @param threads three at least
   */
  MessageStream(
      MessageSpool spool, Rolling rolling, Clock clock, Runnable delivery, ExecutorService threads)
      throws IOException {
    this.spool = spool;
    this.rolling = rolling;
    this.clock = clock;
    this.delivery = delivery;
    this.threads = threads;
    spool.recover();
    spool.remembered().forEach(seen::add);
    this.spooled = spool.bytes();
    threads.execute(this::write);
  }

  /**
   * Takes a message; what is returned completes when it is durable, or else fails.
   *
   * @param rows what it holds, each record with its line end
   */
  CompletableFuture<Stored> add(byte[] rows, Optional<MessageId> id) {
    Waiting message = new Waiting(ByteBuffer.wrap(rows), id, new CompletableFuture<>());
    unstored.incrementAndGet();
    var unused = message.stored().whenComplete((stored, failure) -> unstored.decrementAndGet());
    try {
      while (!closed && !queue.offer(message, TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.trace("more messages at a time than can be stored");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      message.stored().completeExceptionally(new DeliveryStoppedException(e));
    }
    if (closed) {
      message.stored().completeExceptionally(new DeliveryStoppedException(null));
    }
    return message.stored();
  }

  /** Whether nothing is being collected or delivered. */
  boolean isIdle() {
    return unstored.get() == 0 && file == null && deliveries.get() == 0;
  }

  /** Notes that a file was delivered. */
  void delivered(String source, Arrival arrival) {
    Optional.ofNullable(undelivered.remove(source)).ifPresent(each -> each.complete(arrival));
  }

  /** Notes that a file is not delivered for the time being. */
  void failed(String source, RuntimeException why) {
    Optional.ofNullable(undelivered.remove(source))
        .ifPresent(each -> each.completeExceptionally(why));
  }

  /** Notes that no file is delivered for the time being. */
  void failed(RuntimeException why) {
    undelivered.keySet().forEach(source -> failed(source, why));
  }

  private void write() {
    List<Waiting> group = new ArrayList<>();
    while (!closed) {
      try {
        Waiting first = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          group.add(first);
          queue.drainTo(group);
          store(group);
          group.clear();
        }
        rollIfDue();
      } catch (InterruptedException e) {
        closed = true;
      } catch (IOException | RuntimeException e) {
        LOG.warn("what was collected waits: {}", e.toString());
        abandon();
      }
    }
    queue.drainTo(group);
    group.forEach(each -> each.stored().completeExceptionally(new DeliveryStoppedException(null)));
    abandon();
    ended.complete(null);
  }

  private void store(List<Waiting> group) {
    List<Waiting> fresh = new ArrayList<>();
    Set<Waiting> again = Collections.newSetFromMap(new IdentityHashMap<>());
    try {
      recoverIfAbandoned();
      for (Waiting each : group) {
        boolean known = each.id().filter(seen::contains).isPresent();
        var unused = known ? again.add(each) : fresh.add(each);
        each.id().ifPresent(seen::add);
      }
      requireRoom();
      List<Stored> stored = fresh.isEmpty() ? List.of() : storeFresh(fresh);
      Iterator<Stored> next = stored.iterator();
      // in the order in which they came; the first one of a duplicate may be of this very group
      for (Waiting each : group) {
        each.stored()
            .complete(again.contains(each) ? new Stored(true, lastDelivery(), 0, 0) : next.next());
      }
    } catch (HeldDeliveryException e) {
      refuse(group, fresh, e);
    } catch (IOException | RuntimeException e) {
      abandon();
      refuse(group, fresh, unwritable(e));
    }
  }

  /** Of what could not be stored some may have become durable all the same. */
  private void recoverIfAbandoned() throws IOException {
    if (file == null && spool.recover()) {
      spool.remembered().forEach(seen::add);
    }
  }

  private List<Stored> storeFresh(List<Waiting> fresh) throws IOException {
    if (file == null) {
      file = spool.begin(threads);
    }
    MessageFile open = file;
    CompletableFuture<Arrival> delivered =
        undelivered.computeIfAbsent(open.id(), id -> new CompletableFuture<>());
    List<MessageId> ids = fresh.stream().flatMap(each -> each.id().stream()).toList();
    long at = open.bytes();
    open.write(fresh.stream().map(Waiting::rows).toList(), ids);
    List<Stored> stored = new ArrayList<>();
    for (Waiting each : fresh) {
      long end = at + each.rows().remaining();
      stored.add(new Stored(false, delivered, at, end));
      at = end;
    }
    return stored;
  }

  /** A message that came before arrived when all did that came until now. */
  private CompletableFuture<Arrival> lastDelivery() {
    return CompletableFuture.allOf(undelivered.values().toArray(CompletableFuture[]::new))
        .thenApply(all -> null);
  }

  private void refuse(List<Waiting> group, List<Waiting> fresh, RuntimeException why) {
    fresh.forEach(each -> each.id().ifPresent(seen::remove));
    group.forEach(each -> each.stored().completeExceptionally(why));
  }

  private void requireRoom() throws IOException {
    if (spooled + openBytes() < rolling.most()) {
      return;
    }
    spooled = spool.bytes();
    if (spooled + openBytes() >= rolling.most()) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "SPOOL_FULL",
              "more than %d bytes of messages wait in the spool".formatted(rolling.most()),
              "see why they are not delivered, or raise waybill.spool.max-bytes"));
    }
  }

  private long openBytes() {
    return file == null ? 0 : file.bytes();
  }

  private static HeldDeliveryException unwritable(Exception cause) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            0,
            "SPOOL_UNWRITABLE",
            "messages cannot be stored: " + cause.getMessage(),
            "make room in data/spool, or make it writable; the flow goes on by itself"),
        cause);
  }

  /** What is durable of the open file is delivered later. */
  private void abandon() {
    MessageFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.warn("{} cannot be closed: {}", open.rows(), e.getMessage());
      }
    }
  }

  private void rollIfDue() throws IOException {
    MessageFile open = file;
    if (open == null || !isDue(open)) {
      return;
    }
    spool.seal(open);
    deliveries.incrementAndGet();
    file = null;
    spooled = spool.bytes();
    threads.execute(
        () -> {
          try {
            delivery.run();
          } finally {
            deliveries.decrementAndGet();
          }
        });
  }

  private boolean isDue(MessageFile open) {
    return open.count() >= rolling.rows()
        || open.bytes() >= rolling.bytes()
        || (deliveries.get() == 0
            && Duration.between(open.began(), clock.instant()).compareTo(rolling.interval()) >= 0);
  }

  /** Stores nothing further; what was collected is delivered by the next one. */
  @Override
  public void close() {
    closed = true;
    ended.join();
    failed(new DeliveryStoppedException(null));
  }
}
