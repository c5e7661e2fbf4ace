package io.waybill.camel.kafka;

import io.waybill.batch.RecordSource;
import io.waybill.delivery.Claims;
import io.waybill.delivery.Stream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims a partition and opens its stream when the time has come: after what fails there is a
 * pause, and a longer one after each further time. Used by the thread that polls.
 */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LONGEST_PAUSE_MILLIS = 60_000;
  private final RangeConsumer owner;
  private final TopicFacts facts;
  private final TopicPartition partition;
  private final Starting starting;
  private final Queue<java.util.function.Consumer<RecordSource>> orders = new ArrayDeque<>();
  private Optional<Claims.Claim> claim = Optional.empty();
  private PartitionSource source;
  private long openAt;
  private long pause = FIRST_PAUSE_MILLIS;

  Opening(RangeConsumer owner, TopicFacts facts, TopicPartition partition, Starting starting) {
    this.owner = owner;
    this.facts = facts;
    this.partition = partition;
    this.starting = starting;
  }

  PartitionSource source() {
    return source;
  }

  /** Does something before the next opening; whether this is the source that it is meant for. */
  boolean order(String sourceId, java.util.function.Consumer<RecordSource> work) {
    return source != null && source.id().equals(sourceId) && orders.add(work);
  }

  void now() {
    wentWell();
    in(0);
  }

  void later() {
    in(pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
  }

  private void in(long millis) {
    openAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** The next pause is a short one. */
  void wentWell() {
    pause = FIRST_PAUSE_MILLIS;
  }

  boolean isTime() {
    return System.nanoTime() >= openAt;
  }

  /** The stream, once the partition is claimed; empty while another member has the claim. */
  Optional<Stream> open() {
    if (source == null || claim.isEmpty()) {
      source = facts.source(partition);
      claim = owner.target().claims().claim(owner.getRouteId(), source.id());
    }
    if (claim.isEmpty()) {
      return Optional.empty(); // who had it is still settling
    }
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      order.accept(source);
    }
    starting.refuseForeignMembers();
    return Optional.of(owner.target().open(source));
  }

  /** Whether the claim is not ours any more; it is forgotten then. */
  boolean lostClaim() {
    if (claim.isEmpty() || claim.get().isHeld()) {
      return false;
    }
    LOG.warn("flow {}: the claim to {} was lost", owner.getRouteId(), partition);
    claim = Optional.empty();
    return true;
  }

  /** The source is another one now, though its name is the same. */
  void forgetSource() {
    source = null;
    release();
  }

  void release() {
    claim.ifPresent(Claims.Claim::close);
    claim = Optional.empty();
  }
}
