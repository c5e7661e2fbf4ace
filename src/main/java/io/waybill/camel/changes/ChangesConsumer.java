package io.waybill.camel.changes;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.spi.OffsetCommitPolicy;
import io.waybill.camel.FlowHolds;
import io.waybill.delivery.Failure;
import io.waybill.delivery.SourceOffsets;
import io.waybill.delivery.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads changes with an engine of Debezium and sends them into the route. What could not be
 * delivered is sent again when the flow goes on; an engine that ends is started again, from what
 * the ledger knows, when the flow goes on. Thread-safe.
 */
final class ChangesConsumer extends DefaultConsumer implements Suspendable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangesConsumer.class);
  private static final long TICK_MILLIS = 50;
  private static final long STOP_SECONDS = 10;
  private final ChangesEndpoint endpoint;
  private final FlowHolds holds;
  private final SourceOffsets offsets;
  private ExecutorService threads;
  private CountDownLatch ended;
  private volatile boolean stopping;
  private volatile boolean suspended;
  private volatile DebeziumEngine<?> engine;

  ChangesConsumer(
      ChangesEndpoint endpoint, Processor processor, FlowHolds holds, SourceOffsets offsets) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.holds = holds;
    this.offsets = offsets;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    stopping = false;
    suspended = false;
    ended = new CountDownLatch(1);
    threads =
        getEndpoint()
            .getCamelContext()
            .getExecutorServiceManager()
            .newSingleThreadExecutor(this, "waybill-changes");
    threads.execute(this::run);
  }

  private void run() {
    try {
      while (!stopping) {
        runEngine();
        waitWhileSuspended();
      }
    } finally {
      ended.countDown();
    }
  }

  private void runEngine() {
    AtomicReference<Throwable> end = new AtomicReference<>();
    String key = LedgerOffsetStore.open(flow(), offsets);
    try {
      ChangeSender sender = new ChangeSender(this, endpoint::exchange);
      engine =
          DebeziumEngine.create(Connect.class)
              .using(properties(key))
              .using(OffsetCommitPolicy.always())
              .using((success, message, error) -> end.set(error))
              .notifying(
                  (List<ChangeEvent<SourceRecord, SourceRecord>> changes,
                      RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer) ->
                      sender.take(changes, committer))
              .build();
      engine.run();
    } catch (RuntimeException e) {
      end.compareAndSet(null, e);
    } finally {
      engine = null;
      LedgerOffsetStore.close(key);
    }
    if (!stopping && end.get() != null) {
      hold(unreadable(end.get()));
    }
  }

  /** An engine that fails ends: it is to begin where the ledger says, not where it was itself. */
  private Properties properties(String key) {
    Properties properties = endpoint.engineProperties();
    properties.setProperty("offset.storage", LedgerOffsetStore.class.getName());
    properties.setProperty(LedgerOffsetStore.KEY, key);
    properties.setProperty("errors.max.retries", "0");
    if (properties.getProperty("snapshot.mode", "initial").equals("initial")) {
      resumeSnapshot(properties);
    }
    return properties;
  }

  private void resumeSnapshot(Properties properties) {
    String begun = LedgerOffsetStore.OWN + "snapshot of " + endpoint.name();
    if (offsets.of(flow()).containsKey(begun)) {
      properties.setProperty("snapshot.mode", "custom");
      properties.setProperty("snapshot.mode.custom.name", ResumedSnapshotter.NAME);
    } else {
      offsets.keep(flow(), Map.of(begun, "begun"));
    }
  }

  private String flow() {
    return getRoute().getRouteId();
  }

  boolean isStoppingNow() {
    return stopping;
  }

  /** Holds the flow and sends nothing until it goes on. */
  void hold(Failure failure) {
    ServiceHelper.suspendService(this);
    holds.hold(flow(), failure);
  }

  /** Returns when the flow goes on, or is stopped. */
  void waitWhileSuspended() {
    try {
      while (suspended && !stopping) {
        TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      stopping = true;
      Thread.currentThread().interrupt();
    }
  }

  private static Failure unreadable(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new Failure(
        Verdict.HOLD,
        0,
        "CHANGES_UNREADABLE",
        "the database does not hand out its changes: " + root.getMessage(),
        "see that it runs with wal_level=logical and that the user may log in, has REPLICATION and"
            + " may read the tables; the flow goes on by itself");
  }

  @Override
  protected void doSuspend() {
    suspended = true;
  }

  @Override
  protected void doResume() {
    suspended = false;
  }

  @Override
  protected void doStop() throws Exception {
    stopping = true;
    closeEngine();
    if (ended != null && !ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
      LOG.warn("flow {}: Debezium does not end; it is left to itself", flow());
    }
    getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(threads);
    super.doStop();
  }

  /** Debezium refuses to be closed while it starts and when it has ended. */
  private void closeEngine() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
    while (ended != null && ended.getCount() > 0 && System.nanoTime() < end) {
      DebeziumEngine<?> running = engine;
      try {
        if (running != null) {
          running.close();
          return;
        }
      } catch (IllegalStateException | IOException e) {
        LOG.debug("flow {}: Debezium cannot be closed yet: {}", flow(), e.getMessage());
      }
      TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
    }
  }
}
