package io.waybill.camel.kafka;

import io.waybill.delivery.Stream;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;

/**
 * The ranges of a partition that are on their way. Used by the thread that polls; ranges come back
 * from others.
 */
final class Sending {
  private final RangeConsumer owner;
  private final Queue<Done> done = new ConcurrentLinkedQueue<>();
  private final Set<Future<?>> working = ConcurrentHashMap.newKeySet();
  private int onTheirWay;

  /** A range that came back. */
  record Done(Stream of, KafkaRange range, Exception thrown) {}

  Sending(RangeConsumer owner) {
    this.owner = owner;
  }

  /** Sends a range, for which a slot was taken. */
  void send(Stream of, KafkaRange range, Intake.Taken taken) {
    onTheirWay++;
    working.removeIf(Future::isDone);
    working.add(
        owner.work(
            () -> {
              Exception thrown = owner.send(range);
              range.close();
              taken.giveBack();
              owner.slots().release();
              done.add(new Done(of, range, thrown));
            }));
  }

  /** The next one that came back, if there is one. */
  Optional<Done> next() {
    Optional<Done> back = Optional.ofNullable(done.poll());
    back.ifPresent(each -> onTheirWay--);
    return back;
  }

  boolean isEmpty() {
    return onTheirWay == 0;
  }

  void abandon() {
    working.forEach(work -> work.cancel(true));
  }
}
