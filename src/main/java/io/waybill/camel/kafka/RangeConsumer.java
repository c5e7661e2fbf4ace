package io.waybill.camel.kafka;

import io.waybill.camel.Pools;
import io.waybill.camel.StreamConsumer;
import io.waybill.camel.StreamTarget;
import io.waybill.camel.WaybillComponent;
import io.waybill.delivery.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Brings the partitions of topics to a flow, range by range. What it has brought stands in the
 * ledger; offsets are committed to Kafka behind that. While it is suspended it stays a member of
 * its group and asks for nothing.
 */
public final class RangeConsumer extends DefaultConsumer implements Suspendable, StreamConsumer {
  private static final Duration MOST_DRAIN = Duration.ofSeconds(30);
  private final FlowKafkaEndpoint endpoint;
  private final List<PollLoop> loops = new ArrayList<>();
  private ExecutorService pollers;
  private ExecutorService workers;
  private Semaphore slots;
  private StreamTarget target;
  private KafkaColumns columns;
  private boolean delivering;
  private volatile boolean partitions;

  RangeConsumer(FlowKafkaEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    WaybillComponent waybill =
        endpoint.getCamelContext().getComponent("waybill", WaybillComponent.class);
    target = waybill.streams(getRouteId());
    columns = new KafkaColumns(target.kafkaColumns());
    delivering = endpoint.options().isText() && target.isDeliveryOnly();
    slots = new Semaphore(target.inFlight());
    ExecutorServiceManager executors = endpoint.getCamelContext().getExecutorServiceManager();
    int consumers = endpoint.getConfiguration().getConsumersCount();
    workers =
        Pools.fixed(
            getEndpoint().getCamelContext(), this, "waybill-kafka-range", target.inFlight());
    pollers = executors.newFixedThreadPool(this, "waybill-kafka-poll", consumers);
    for (int i = 0; i < consumers; i++) {
      PollLoop loop = new PollLoop(this);
      loops.add(loop);
      pollers.execute(loop);
    }
  }

  @Override
  protected void doSuspend() {
    // the loops look
  }

  @Override
  protected void doResume() {
    loops.forEach(PollLoop::reopen);
  }

  @Override
  protected void doStop() throws Exception {
    loops.forEach(PollLoop::stop);
    ExecutorServiceManager executors = endpoint.getCamelContext().getExecutorServiceManager();
    if (pollers != null) {
      executors.shutdownGraceful(pollers, drain().plusSeconds(5).toMillis());
      executors.shutdownNow(workers);
    }
    loops.clear();
    super.doStop();
  }

  @Override
  public boolean isDrained() {
    return loops.stream().allMatch(PollLoop::isDrained);
  }

  @Override
  public Map<String, Long> lags() {
    Map<String, Long> all = new TreeMap<>();
    loops.forEach(loop -> all.putAll(loop.lags()));
    return all;
  }

  @Override
  public void reopen() {
    loops.forEach(PollLoop::reopen);
  }

  @Override
  public void undisturbed(
      String sourceId, java.util.function.Consumer<io.waybill.batch.RecordSource> work) {
    loops.forEach(loop -> loop.undisturbed(sourceId, work));
  }

  /** Whether any of its members was given a partition. */
  boolean hasPartitions() {
    return partitions;
  }

  void gotPartitions(boolean some) {
    partitions |= some;
  }

  boolean isPausing() {
    return isSuspendingOrSuspended() || target.isStopping();
  }

  void hold(Failure failure) {
    target.hold(failure);
    ServiceHelper.suspendService(this);
  }

  FlowKafkaEndpoint kafka() {
    return endpoint;
  }

  StreamTarget target() {
    return target;
  }

  KafkaColumns columns() {
    return columns;
  }

  Semaphore slots() {
    return slots;
  }

  /** Whether no memory will be given back by what this flow has on its way. */
  boolean isNothingOnItsWay() {
    return slots.availablePermits() == target.inFlight();
  }

  Future<?> work(Runnable work) {
    return workers.submit(work);
  }

  Properties client() {
    Properties camels = endpoint.getConfiguration().createConsumerProperties();
    endpoint.updateClassProperties(camels);
    String brokers = endpoint.getKafkaClientFactory().getBrokers(endpoint.getConfiguration());
    if (brokers != null) {
      camels.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, brokers);
    }
    return endpoint.options().of(camels);
  }

  @SuppressWarnings("unchecked") // Camel gives a raw one
  Consumer<Object, Object> connect(Properties client) {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try {
      // the client loads its own classes by this one
      Thread.currentThread().setContextClassLoader(Consumer.class.getClassLoader());
      return endpoint.getKafkaClientFactory().getConsumer(client);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** How long a partition that is taken away may take to settle what is on its way. */
  Duration drain() {
    Object interval = client().get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
    Duration half =
        Duration.ofMillis(interval == null ? 300_000 : Long.parseLong(interval.toString()))
            .dividedBy(2);
    return half.compareTo(MOST_DRAIN) < 0 ? half : MOST_DRAIN;
  }

  /** Sends a range through the flow; whatever comes of it is known by the range. */
  Exception send(KafkaRange range) {
    Exchange exchange = createExchange(false);
    try {
      range.prepare(exchange);
      getProcessor().process(exchange);
      if (exchange.getException() == null) {
        range.leaveOutUnlessDelivered();
      }
      return exchange.getException();
    } catch (Exception e) {
      return e;
    } finally {
      releaseExchange(exchange, false);
    }
  }

  /** What gathers the records of a partition. */
  Gathering gathering() {
    return delivering
        ? new WrittenRecords(target.limits(), target.pool(), columns)
        : new KeptRecords(target.limits(), this::list);
  }

  private RecordList list(List<ConsumerRecord<?, ?>> records) {
    return new RecordList(
        endpoint.getCamelContext(),
        endpoint.getConfiguration(),
        endpoint.options().isText(),
        records);
  }
}
