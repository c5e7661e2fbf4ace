package io.waybill.camel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells with {@code --once} when the sources are empty: every polled source was polled without a
 * new unit being begun, sources that push have been silent for a while, and no exchange is open.
 * Thread-safe.
 */
public final class Drain extends EventNotifierSupport {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private final CamelContext context;
  private final Clock clock;
  private final Duration idle;
  private final AtomicLong begun = new AtomicLong();
  private final Map<Endpoint, Boolean> drained = new ConcurrentHashMap<>();
  private volatile Instant lastExchange;

  public Drain(CamelContext context, Clock clock, Duration idle) {
    this.context = context;
    this.clock = clock;
    this.idle = idle;
    this.lastExchange = clock.instant();
  }

  /** Begins to watch; to be called before the first route is loaded. */
  public void install() throws Exception {
    context.getManagementStrategy().addEventNotifier(this);
    context
        .getCamelContextExtension()
        .registerEndpointCallback(
            (uri, endpoint) -> {
              if (endpoint instanceof ScheduledPollEndpoint polled) {
                polled.setPollStrategy(new Watch(polled.getPollStrategy()));
              }
              return endpoint;
            });
  }

  /** Notes that all sources were started: from now on they can be silent. */
  public void started() {
    lastExchange = clock.instant();
  }

  /** Notes that a unit was begun. */
  public void begun() {
    begun.incrementAndGet();
  }

  /** Whether nothing is left to do. */
  public boolean isDrained() {
    if (context.getInflightRepository().size() > 0) {
      return false;
    }
    for (Route route : context.getRoutes()) {
      if (isRunning(route) && !isDrained(route.getConsumer())) {
        return false;
      }
    }
    return context.getInflightRepository().size() == 0;
  }

  private boolean isRunning(Route route) {
    Consumer consumer = route.getConsumer();
    return context.getRouteController().getRouteStatus(route.getRouteId()).isStarted()
        && !(consumer instanceof org.apache.camel.Suspendable
            && org.apache.camel.support.service.ServiceHelper.isSuspended(consumer));
  }

  private boolean isDrained(Consumer consumer) {
    if (consumer instanceof StreamConsumer own) {
      return own.isDrained();
    }
    if (consumer instanceof ScheduledPollConsumer) {
      return drained.getOrDefault(consumer.getEndpoint(), false);
    }
    String uri = consumer.getEndpoint().getEndpointUri();
    return uri.startsWith("direct:")
        || consumer.getEndpoint() instanceof WaitingEndpoint
        || Duration.between(lastExchange, clock.instant()).compareTo(idle) >= 0;
  }

  @Override
  public void notify(CamelEvent event) {
    lastExchange = clock.instant();
  }

  @Override
  public boolean isEnabled(CamelEvent event) {
    return event instanceof CamelEvent.ExchangeCreatedEvent
        || event instanceof CamelEvent.ExchangeCompletedEvent
        || event instanceof CamelEvent.ExchangeFailedEvent;
  }

  /** Watches the polls of one endpoint. */
  private final class Watch implements PollingConsumerPollStrategy {
    private final PollingConsumerPollStrategy next;
    private long before;

    Watch(PollingConsumerPollStrategy next) {
      this.next = next == null ? new DefaultPollingConsumerPollStrategy() : next;
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
      before = begun.get();
      return next.begin(consumer, endpoint);
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
      drained.put(endpoint, begun.get() == before);
      next.commit(consumer, endpoint, polledMessages);
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retry, Exception cause)
        throws Exception {
      LOG.warn("cannot poll {}: {}", endpoint, cause.getMessage());
      drained.put(endpoint, begun.get() == before);
      return next.rollback(consumer, endpoint, retry, cause);
    }
  }
}
