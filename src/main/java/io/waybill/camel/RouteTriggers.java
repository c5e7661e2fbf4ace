package io.waybill.camel;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Starts flows when a trigger wants it: a source that is polled is polled until it brings nothing
 * new, a timer or the like brings one message. Thread-safe.
 */
public final class RouteTriggers extends LifecycleStrategySupport {
  private static final Set<String> TIMERS = Set.of("timer", "quartz", "cron");
  private static final Set<String> MESSAGES =
      Set.of(
          "timer", "quartz", "cron", "direct", WaitingComponent.AFTER, WaitingComponent.SCHEDULE);
  private static final int MOST_POLLS = 10_000;
  private final Predicate<String> waiting;
  private final Predicate<String> resting;
  private final Map<String, Polling> polled = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> begun = new ConcurrentHashMap<>();
  private volatile CamelContext context;

  /** A flow is polled for this; the first message that fails is noted. */
  private record Polling(Occasion occasion, AtomicReference<Throwable> failure) {
    void take(Exchange exchange) {
      occasion.putOn(exchange);
      exchange
          .getExchangeExtension()
          .addOnCompletion(
              new SynchronizationAdapter() {
                @Override
                public void onFailure(Exchange failed) {
                  failure.compareAndSet(null, failed.getException());
                }
              });
    }
  }

  /**
   * For the flows of a context.
   *
   * @param waiting whether a flow does nothing until it is triggered
   * @param resting whether a flow whose source is a timer does nothing until it is triggered
   */
  public RouteTriggers(Predicate<String> waiting, Predicate<String> resting) {
    this.waiting = waiting;
    this.resting = resting;
  }

  /** Begins to watch; to be called before the first route is loaded. */
  public void install(CamelContext into) {
    context = into;
    into.addLifecycleStrategy(this);
    WaitingComponent.addTo(into);
  }

  /** Why a flow cannot be triggered; empty if it can. */
  public Optional<String> objection(String flow) {
    Route route = context.getRoute(flow);
    if (route == null) {
      return Optional.of("flow " + flow + " is not loaded");
    }
    String scheme = scheme(route.getEndpoint().getEndpointUri());
    boolean possible =
        MESSAGES.contains(scheme)
            || route.getEndpoint() instanceof org.apache.camel.support.ScheduledPollEndpoint;
    return possible
        ? Optional.empty()
        : Optional.of(
            "flow %s cannot be started: %s: brings what it has when it has it"
                .formatted(flow, scheme));
  }

  /** Whether a flow is polled until nothing comes: doing that again delivers nothing twice. */
  public boolean isPolled(String flow) {
    Route route = context.getRoute(flow);
    return route != null && route.getConsumer() instanceof ScheduledPollConsumer;
  }

  /** What a flow waits for, if it waits for other flows. */
  public Optional<WaitingEndpoint> after(String flow) {
    Route route = context.getRoute(flow);
    return route != null
            && route.getEndpoint() instanceof WaitingEndpoint endpoint
            && !endpoint.upstreams().isEmpty()
        ? Optional.of(endpoint)
        : Optional.empty();
  }

  /** Whether a timer of this URI is to wait for triggers instead. */
  boolean isReplaced(String flow, String uri) {
    return TIMERS.contains(scheme(uri)) && resting.test(flow);
  }

  static String scheme(String uri) {
    return uri.replaceFirst(":(?s).*", "");
  }

  @Override
  public void onServiceAdd(CamelContext of, Service service, Route route) {
    if (service instanceof ScheduledPollConsumer consumer && route != null) {
      var unused = PollGate.of(consumer);
      if (waiting.test(route.getRouteId())) {
        consumer.setStartScheduler(false);
      }
    }
  }

  /** Notes that a run of a flow begins. */
  public void begun(String flow) {
    begun.computeIfAbsent(flow, name -> new AtomicLong()).incrementAndGet();
  }

  /** A message enters a flow: while the flow is polled for a trigger, it is the trigger's. */
  public void begin(String flow, Exchange exchange) {
    Polling polling = polled.get(flow);
    if (polling != null && Occasion.triggerOf(exchange).isEmpty()) {
      polling.take(exchange);
    }
  }

  /**
   * Starts a flow, and returns when what came of it is through.
   *
   * @return what went wrong, if something did
   * @throws IllegalStateException if its route is not started
   */
  public Optional<Throwable> fire(String flow, Occasion occasion) throws InterruptedException {
    Route route = context.getRoute(flow);
    Consumer consumer = route == null ? null : route.getConsumer();
    if (!(consumer instanceof DefaultConsumer source) || !ServiceHelper.isStarted(consumer)) {
      throw new IllegalStateException("the route of flow " + flow + " is not started");
    }
    return source instanceof ScheduledPollConsumer polls
        ? poll(flow, occasion, polls)
        : send(occasion, source);
  }

  private Optional<Throwable> poll(String flow, Occasion occasion, ScheduledPollConsumer consumer)
      throws InterruptedException {
    AtomicLong runs = begun.computeIfAbsent(flow, name -> new AtomicLong());
    PollGate gate = PollGate.of(consumer);
    Polling polling = new Polling(occasion, new AtomicReference<>());
    polled.put(flow, polling);
    try {
      for (int i = 0; i < MOST_POLLS; i++) {
        long before = runs.get();
        Exception trouble = gate.poll(consumer);
        if (trouble != null) {
          return Optional.of(trouble);
        }
        if (runs.get() == before || Thread.currentThread().isInterrupted()) {
          break;
        }
      }
      return Optional.ofNullable(polling.failure().get());
    } finally {
      polled.remove(flow);
    }
  }

  private static Optional<Throwable> send(Occasion occasion, DefaultConsumer consumer) {
    Exchange exchange = consumer.createExchange(false);
    occasion.putOn(exchange);
    try {
      consumer.getProcessor().process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    if (Thread.currentThread().isInterrupted()) {
      exchange.setRouteStop(true); // a step that goes on by itself, as delay: does, is the last one
    }
    Optional<Throwable> failure = Optional.ofNullable(exchange.getException());
    consumer.releaseExchange(exchange, false);
    return failure;
  }
}
