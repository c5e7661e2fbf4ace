package io.waybill.camel.kafka;

import io.waybill.batch.RecordSource;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of the group: connects, and polls for the lanes of its partitions. */
final class PollLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
  private static final Duration BUSY = Duration.ofMillis(20);
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final long EMPTY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long AGAIN_SECONDS = 1;
  private final RangeConsumer owner;
  private final Lanes lanes;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicBoolean reopen = new AtomicBoolean();
  private final Queue<java.util.function.Consumer<Lane>> orders = new ConcurrentLinkedQueue<>();
  private Consumer<Object, Object> client;
  private TopicFacts facts;
  private long connectedAt;
  private volatile boolean drained;

  PollLoop(RangeConsumer owner) {
    this.owner = owner;
    this.lanes = new Lanes(owner, this);
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
    return lanes.lags();
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
    lanes.connected(client, facts);
    if (configuration.isTopicIsPattern()) {
      client.subscribe(Pattern.compile(configuration.getTopic()), lanes);
    } else {
      client.subscribe(Arrays.asList(configuration.getTopic().split(",", -1)), lanes);
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
    lanes.disconnected();
    if (facts != null) {
      facts.close();
    }
    owner.kafka().component().members().remove(this);
    client = null;
    facts = null;
  }

  private void turn() {
    if (reopen.getAndSet(false)) {
      lanes.forEach(Lane::reopen);
    }
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      lanes.forEach(order);
    }
    lanes.step(owner.isPausing());
    try {
      lanes.add(client.poll(lanes.areBusy() ? BUSY : IDLE));
    } catch (OffsetOutOfRangeException e) {
      lanes.outOfRange(e.partitions());
    }
    lanes.commit();
    drained = hasSome() && lanes.areDrained();
  }

  /** A topic that was only just made is not known at once. */
  private boolean hasSome() {
    return owner.hasPartitions() || System.nanoTime() - connectedAt > EMPTY_NANOS;
  }
}
