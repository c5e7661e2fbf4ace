package io.waybill.camel.kafka;

import io.waybill.batch.RecordSource;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of the group: polls, and keeps the lanes of the partitions that it was given. */
final class PollLoop implements Runnable, ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
  private static final Duration BUSY = Duration.ofMillis(20);
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MEMBERS_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long EMPTY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long AGAIN_SECONDS = 1;
  private final RangeConsumer owner;
  private final Map<TopicPartition, Lane> lanes = new HashMap<>();
  private final List<Lane> leaving = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicBoolean reopen = new AtomicBoolean();
  private final Queue<java.util.function.Consumer<Lane>> orders = new ConcurrentLinkedQueue<>();
  private Consumer<Object, Object> client;
  private TopicFacts facts;
  private long connectedAt;
  private long nextCommit;
  private long nextLook;
  private volatile boolean drained;
  private volatile Map<String, Long> lags = Map.of();

  PollLoop(RangeConsumer owner) {
    this.owner = owner;
  }

  void stop() {
    stopped.countDown();
  }

  void reopen() {
    reopen.set(true);
  }

  /** Does something with a source, if this member has it, while nothing of it is on its way. */
  void undisturbed(String sourceId, java.util.function.Consumer<RecordSource> work) {
    orders.add(lane -> lane.undisturbed(sourceId, work));
  }

  boolean isDrained() {
    return drained;
  }

  /** How many records of each partition that it has are not settled, as of the last second. */
  Map<String, Long> lags() {
    return lags;
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  @Override
  public void run() {
    while (!isStopped()) {
      try {
        connect();
        while (!isStopped()) {
          turn();
        }
      } catch (AuthenticationException | AuthorizationException e) {
        refused(e);
      } catch (InterruptException | WakeupException e) {
        stop();
      } catch (RecordDeserializationException e) {
        owner.hold(ValueDecoding.failure(e));
      } catch (KafkaException e) {
        LOG.warn("flow {}: Kafka: {}; connecting anew", owner.getRouteId(), e.toString());
      } catch (RuntimeException e) {
        LOG.error("flow {}: its consumer failed and begins anew", owner.getRouteId(), e);
      } finally {
        disconnect();
      }
      pause();
    }
  }

  private void refused(KafkaException e) {
    owner.hold(
        new Failure(
            Verdict.HOLD,
            0,
            "KAFKA_REFUSED",
            "Kafka refuses the consumer: " + e.getMessage(),
            "mend the kafka: URI's security options, or the rights on topic and group"));
  }

  private void pause() {
    try {
      var unused = stopped.await(AGAIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
  }

  private void connect() {
    connectedAt = System.nanoTime();
    Properties properties = owner.client();
    KafkaConfiguration configuration = owner.kafka().getConfiguration();
    facts = new TopicFacts(properties, configuration.getGroupId());
    client = owner.connect(properties);
    if (configuration.isTopicIsPattern()) {
      client.subscribe(Pattern.compile(configuration.getTopic()), this);
    } else {
      client.subscribe(Arrays.asList(configuration.getTopic().split(",", -1)), this);
    }
  }

  private void disconnect() {
    try {
      if (client != null) {
        client.close(
            CloseOptions.timeout(owner.drain().plus(CLOSE))); // takes partitions away first
      }
    } catch (KafkaException e) {
      LOG.debug("closing a consumer", e);
    }
    lanes.values().forEach(lane -> leave(lane, Duration.ZERO));
    lanes.clear();
    lags = Map.of();
    leaving.forEach(Lane::abandon);
    leaving.clear();
    if (facts != null) {
      facts.close();
    }
    owner.kafka().component().members().remove(this);
    client = null;
    facts = null;
  }

  private void turn() {
    if (reopen.getAndSet(false)) {
      lanes.values().forEach(Lane::reopen);
    }
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      lanes.values().forEach(order);
    }
    boolean pausing = owner.isPausing();
    lookAtMembers(pausing);
    for (Lane lane : lanes.values()) {
      lane.step(pausing);
    }
    leaving.removeIf(lane -> lane.leave(Duration.ZERO));
    pauseAndResume(pausing);
    try {
      ConsumerRecords<Object, Object> records = client.poll(isBusy() ? BUSY : IDLE);
      for (TopicPartition partition : records.partitions()) {
        Lane lane = lanes.get(partition);
        if (lane != null) {
          lane.add(records.records(partition));
        }
      }
    } catch (OffsetOutOfRangeException e) {
      e.partitions().stream()
          .map(lanes::get)
          .filter(lane -> lane != null)
          .forEach(Lane::outOfRange);
    }
    commit();
    drained = hasSome() && lanes.values().stream().allMatch(Lane::isDrained);
  }

  /** A topic that was only just made is not known at once. */
  private boolean hasSome() {
    return owner.hasPartitions() || System.nanoTime() - connectedAt > EMPTY_NANOS;
  }

  private boolean isBusy() {
    return lanes.values().stream().anyMatch(Lane::isBusy);
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

  private void commit() {
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
              done.keySet().stream()
                  .map(lanes::get)
                  .filter(lane -> lane != null)
                  .forEach(Lane::commitAgain);
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
    owner.kafka().component().members().put(this, client.groupMetadata().memberId());
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
