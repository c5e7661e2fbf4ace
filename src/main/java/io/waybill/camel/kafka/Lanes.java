package io.waybill.camel.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of the partitions that a member of the group was given, as the group gives and takes
 * them. Used by the thread that polls.
 */
final class Lanes implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MEMBERS_NANOS = TimeUnit.SECONDS.toNanos(30);
  private final RangeConsumer owner;
  private final PollLoop member;
  private final Map<TopicPartition, Lane> lanes = new HashMap<>();
  private final List<Lane> leaving = new ArrayList<>();
  private Consumer<Object, Object> client;
  private TopicFacts facts;
  private long nextCommit;
  private long nextLook;
  private volatile Map<String, Long> lags = Map.of();

  Lanes(RangeConsumer owner, PollLoop member) {
    this.owner = owner;
    this.member = member;
  }

  void connected(Consumer<Object, Object> to, TopicFacts of) {
    client = to;
    facts = of;
  }

  /** Gives all of them away; what is on its way is given up. */
  void disconnected() {
    lanes.values().forEach(lane -> leave(lane, Duration.ZERO));
    lanes.clear();
    lags = Map.of();
    leaving.forEach(Lane::abandon);
    leaving.clear();
  }

  /** How many records of each partition are not settled, as of the last second. From any thread. */
  Map<String, Long> lags() {
    return lags;
  }

  void forEach(java.util.function.Consumer<Lane> action) {
    lanes.values().forEach(action);
  }

  void step(boolean pausing) {
    lookAtMembers(pausing);
    for (Lane lane : lanes.values()) {
      lane.step(pausing);
    }
    leaving.removeIf(lane -> lane.leave(Duration.ZERO));
    pauseAndResume(pausing);
  }

  /** Consumers elsewhere, with a ledger of their own, would deliver the same records. */
  private void lookAtMembers(boolean pausing) {
    if (pausing || lanes.isEmpty() || System.nanoTime() < nextLook) {
      return;
    }
    nextLook = System.nanoTime() + MEMBERS_NANOS;
    for (Lane lane : lanes.values()) {
      lane.lookAtMembers();
    }
  }

  private void pauseAndResume(boolean pausing) {
    Set<TopicPartition> paused = client.paused();
    List<TopicPartition> stop = new ArrayList<>();
    List<TopicPartition> go = new ArrayList<>();
    lanes.forEach(
        (partition, lane) -> {
          boolean wants = !pausing && lane.wants();
          if (wants && paused.contains(partition)) {
            go.add(partition);
          } else if (!wants && !paused.contains(partition)) {
            stop.add(partition);
          }
        });
    client.pause(stop);
    client.resume(go);
  }

  void add(ConsumerRecords<Object, Object> records) {
    for (TopicPartition partition : records.partitions()) {
      Lane lane = lanes.get(partition);
      if (lane != null) {
        lane.add(records.records(partition));
      }
    }
  }

  void outOfRange(Collection<TopicPartition> partitions) {
    those(partitions).forEach(Lane::outOfRange);
  }

  private Stream<Lane> those(Collection<TopicPartition> partitions) {
    return partitions.stream().map(lanes::get).filter(lane -> lane != null);
  }

  boolean areBusy() {
    return lanes.values().stream().anyMatch(Lane::isBusy);
  }

  boolean areDrained() {
    return lanes.values().stream().allMatch(Lane::isDrained);
  }

  /** Tells Kafka once a second how far they are. */
  void commit() {
    if (System.nanoTime() < nextCommit) {
      return;
    }
    nextCommit = System.nanoTime() + COMMIT_NANOS;
    measure();
    Map<TopicPartition, OffsetAndMetadata> offsets = settled(lanes.keySet());
    if (!offsets.isEmpty()) {
      client.commitAsync(
          offsets,
          (done, failure) -> {
            if (failure != null) {
              // the ledger knows; they go with the next ones
              LOG.debug("offsets not committed: {}", failure.toString());
              those(done.keySet()).forEach(Lane::commitAgain);
            }
          });
    }
  }

  private void measure() {
    Map<String, Long> found = new HashMap<>();
    lanes.forEach(
        (partition, lane) ->
            lane.lag().ifPresent(behind -> found.put(partition.toString(), behind)));
    lags = found;
  }

  private Map<TopicPartition, OffsetAndMetadata> settled(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Lane lane = lanes.get(partition);
      if (lane != null) {
        lane.toCommit().ifPresent(offset -> offsets.put(partition, offset));
      }
    }
    return offsets;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    owner.gotPartitions(!partitions.isEmpty());
    owner.kafka().component().members().put(member, client.groupMetadata().memberId());
    client.pause(partitions);
    for (TopicPartition partition : partitions) {
      // anything, so that the client looks for nothing itself
      client.seek(partition, 0);
      lanes.put(partition, new Lane(owner, client, facts, partition));
    }
    nextLook = System.nanoTime() + 2 * COMMIT_NANOS;
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    long deadline = System.nanoTime() + owner.drain().toNanos();
    List<Lane> gone = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      Lane lane = lanes.get(partition);
      if (lane != null) {
        gone.add(lane);
        lane.close();
      }
    }
    for (Lane lane : gone) {
      lane.drain(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
    Map<TopicPartition, OffsetAndMetadata> offsets = settled(partitions);
    try {
      if (!offsets.isEmpty()) {
        client.commitSync(offsets, CLOSE);
      }
    } catch (KafkaException e) {
      LOG.debug("offsets not committed: {}", e.toString());
    }
    lanes.keySet().removeAll(partitions);
    gone.forEach(lane -> leave(lane, CLOSE));
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      Lane lane = lanes.remove(partition);
      if (lane != null) {
        LOG.warn("flow {}: {} was lost to another member", owner.getRouteId(), partition);
        lane.lose();
        leave(lane, Duration.ZERO);
      }
    }
  }

  private void leave(Lane lane, Duration atMost) {
    if (!lane.leave(atMost)) {
      leaving.add(lane);
    }
  }
}
