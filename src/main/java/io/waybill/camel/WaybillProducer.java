package io.waybill.camel;

import io.waybill.batch.RecordSource;
import io.waybill.delivery.Delivery;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.Papers;
import io.waybill.delivery.RunFailedException;
import io.waybill.delivery.Step;
import io.waybill.delivery.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.DefaultAsyncProducer;

/** Delivers the body of a message; returns when every record of it is settled. Thread-safe. */
final class WaybillProducer extends DefaultAsyncProducer implements RouteIdAware {
  private static final String DELIVER = "direct:waybill-deliver";
  private static final String DEAD_LETTER = "direct:waybill-dead-letter";
  private final WaybillEndpoint endpoint;
  private final WaybillServices services;
  private final Refusals refusals = new Refusals();
  private ExecutorService senders;
  private RouteTarget target;
  private Delivery delivery;
  private BodySources bodies;
  private MessageIntake intake;
  private Optional<KeyedExtracts> extracts = Optional.empty();
  private FlowSources sources;
  private FlowAnswers answers;
  private BodyDelivery bodyDelivery;
  private String flow = "";
  private volatile OptionalLong waiting = OptionalLong.empty();

  WaybillProducer(WaybillEndpoint endpoint, WaybillServices services) {
    super(endpoint);
    this.endpoint = endpoint;
    this.services = services;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    senders =
        Pools.fixed(
            getEndpoint().getCamelContext(), this, "waybill-deliver", endpoint.batch().most());
    target =
        new RouteTarget(
            new DeliverRoute(getEndpoint().getCamelContext(), DELIVER),
            new DeadLetterRoute(getEndpoint().getCamelContext(), DEAD_LETTER),
            endpoint,
            endpoint.shapes(),
            refusals,
            endpoint.isReloading()
                ? Optional.of(new Reloads(endpoint, services))
                : Optional.empty());
    delivery = newDelivery();
    RowSchema schema = new RowSchema(endpoint.shapes(), endpoint.tableName());
    bodies =
        new BodySources(
            flow, services.spool(), endpoint.givenFormat(), schema, endpoint.rows().changeRows());
    if (endpoint.isKeyed()) {
      extracts = Optional.of(new KeyedExtracts(flow, endpoint, services, schema));
    }
    intake = new MessageIntake(flow, endpoint, services, this::deliverCollected);
    sources =
        new FlowSources(
            flow, endpoint, services, delivery, bodies, intake, refusals, this::isEnding);
    answers = new FlowAnswers(flow, services.clock());
    bodyDelivery =
        new BodyDelivery(flow, endpoint, services, delivery, bodies, extracts, sources, answers);
    endpoint.component().started(flow, this);
  }

  @Override
  protected void doStop() throws Exception {
    endpoint.component().stopped(flow, this);
    intake.close();
    getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(senders);
    super.doStop();
  }

  @Override
  public void setRouteId(String routeId) {
    this.flow = routeId;
  }

  @Override
  public String getRouteId() {
    return flow;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    noteWaiting(exchange);
    LogScope scope = LogScope.of(flow);
    try (scope) {
      return processLogged(exchange, callback);
    }
  }

  private void noteWaiting(Exchange exchange) {
    Integer found = exchange.getProperty(ExchangePropertyKey.BATCH_SIZE, Integer.class);
    Integer index = exchange.getProperty(ExchangePropertyKey.BATCH_INDEX, Integer.class);
    if (found != null && index != null) {
      waiting = OptionalLong.of(Math.max(0, found - index - 1));
    }
  }

  /** What the last poll of its source found and was not taken up yet; empty if none polls. */
  OptionalLong waiting() {
    return waiting;
  }

  private boolean processLogged(Exchange exchange, AsyncCallback callback) {
    try {
      refuseWhileHeld();
      StreamRange range = StreamRange.of(exchange);
      boolean pushed = PushSources.isOne(exchange.getFromEndpoint());
      if (range != null) {
        deliverRange(exchange, range);
      } else if (endpoint.isCollecting(pushed) && collected(exchange, callback)) {
        return false;
      } else {
        bodyDelivery.deliver(exchange);
      }
    } catch (Exception e) {
      fail(exchange, e);
    }
    callback.done(true);
    return true;
  }

  /** A message enters the flow; one that must not go on is stopped, and fails. */
  void begin(Exchange exchange) {
    if (extracts.isEmpty()) {
      return;
    }
    sources.single().lock();
    try {
      refuseWhileHeld();
      sources.settleExtracts();
      extracts.get().begin(exchange);
    } catch (Exception e) {
      exchange.setRouteStop(true);
      fail(exchange, e);
      FlowGuard.markUndelivered(exchange, RuntimeCamelException.wrapRuntimeCamelException(e));
    } finally {
      sources.single().unlock();
    }
  }

  private void deliverRange(Exchange exchange, StreamRange range) throws IOException {
    if (exchange.getProperty(ExchangePropertyKey.SPLIT_INDEX) != null) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "RANGE_SPLIT",
              "a range of messages comes in parts, and would not be known again",
              "take split out from between kafka: and waybill:; steps see the whole list"));
    }
    Instant began = services.clock().instant();
    StreamRange.Delivered delivered =
        range.deliver(
            exchange.getMessage().getBody(),
            services.pool(),
            (body, out) -> new RowBodies(bodies.schema(), out).write(body));
    services.holds().arrived(flow);
    answers.answer(exchange.getMessage(), delivered.run(), delivered.rows(), "settled", began);
  }

  /** What a consumer that brings ranges needs of this flow. */
  StreamTarget streams() {
    return new StreamTarget(flow, endpoint, services, delivery::stream);
  }

  /** Lets a stream be delivered once more from where a run began; see {@link Delivery#again}. */
  long again(RecordSource source, String run, boolean abandon) {
    return delivery.again(source, run, abandon);
  }

  /** Whether Waybill stops, or the route is taken out: what is not settled stays planned. */
  private boolean isEnding() {
    return services.stopping().getAsBoolean() || !isRunAllowed();
  }

  private void fail(Exchange exchange, Exception thrown) {
    // what went wrong because threads were interrupted holds nothing
    Exception e =
        thrown instanceof HeldDeliveryException && isEnding()
            ? new DeliveryStoppedException(thrown)
            : thrown;
    boolean given = StreamRange.of(exchange) != null && e instanceof DeliveryStoppedException;
    if (e instanceof HeldDeliveryException
        || e instanceof RunFailedException
        || (e instanceof DeliveryStoppedException && !given)) {
      FlowGuard.markUndelivered(exchange, (RuntimeException) e);
    }
    if (e instanceof HeldDeliveryException held) {
      services.holds().hold(flow, held.failure());
    }
    exchange.setException(e);
  }

  /** Whether a message is one to be collected; then it is acknowledged later. */
  private boolean collected(Exchange exchange, AsyncCallback callback) throws IOException {
    Optional<byte[]> rows = bodies.message(exchange);
    if (rows.isEmpty()) {
      return false;
    }
    Instant began = services.clock().instant();
    long count = MessageFile.lines(ByteBuffer.wrap(rows.get()));
    if (count == 0) {
      settle(exchange, new Fared(MessageIntake.Outcome.NOTHING, 0), began);
      callback.done(false);
      return true;
    }
    intake.take(
        exchange,
        rows.get(),
        (outcome, failure) -> {
          if (failure == null) {
            settle(exchange, new Fared(outcome, count), began);
          } else {
            fail(exchange, failure);
          }
          callback.done(false);
        });
    return true;
  }

  /** How a message fared, and how many rows it has. */
  private record Fared(MessageIntake.Outcome outcome, long rows) {}

  private void settle(Exchange exchange, Fared fared, Instant began) {
    MessageIntake.Outcome outcome = fared.outcome();
    answers.answer(exchange.getMessage(), outcome.run(), fared.rows(), outcome.outcome(), began);
    FlowAnswers.tellRefused(exchange, fared.rows(), outcome.refused(), outcome.run());
    services.faults().reached(Step.ACKNOWLEDGE);
  }

  private void deliverCollected() {
    if (services.holds().of(flow).isEmpty()) {
      sources.deliverSpooled();
    }
  }

  /** What delivers the sources of this flow, those too that the spool has. */
  FlowSources sources() {
    return sources;
  }

  /** Whether nothing is being collected or delivered of single messages, or all of it waits. */
  boolean isIdle() {
    return intake.isIdle();
  }

  private void refuseWhileHeld() {
    services
        .holds()
        .of(flow)
        .ifPresent(
            hold -> {
              throw new HeldDeliveryException(
                  new Failure(Verdict.HOLD, 0, "FLOW_HELD", hold.reason(), hold.remedy()));
            });
  }

  private Delivery newDelivery() {
    Papers papers =
        new Papers(
            services.ledger(),
            services.outbox(),
            services.deadLetters(),
            target,
            services.listener(),
            services.clock(),
            services.memory(),
            services.locks(),
            services.faults(),
            services.cancellations(),
            this::isEnding);
    return new Delivery(endpoint.spec(flow), papers, senders, services.pool(), services.clock());
  }
}
