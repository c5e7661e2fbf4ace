package io.waybill.camel;

import io.waybill.batch.Format;
import io.waybill.camel.BodySources.Offered;
import io.waybill.delivery.Delivery;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.Papers;
import io.waybill.delivery.RunFailedException;
import io.waybill.delivery.RunResult;
import io.waybill.delivery.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ExchangeHelper;

/** Delivers the body of a message; returns when every record of it is settled. Thread-safe. */
final class WaybillProducer extends DefaultProducer {
  private static final String DELIVER = "direct:waybill-deliver";
  private static final String DEAD_LETTER = "direct:waybill-dead-letter";
  private final WaybillEndpoint endpoint;
  private final WaybillServices services;
  private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();
  private ExecutorService senders;
  private RouteTarget target;

  WaybillProducer(WaybillEndpoint endpoint, WaybillServices services) {
    super(endpoint);
    this.endpoint = endpoint;
    this.services = services;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    senders =
        getEndpoint()
            .getCamelContext()
            .getExecutorServiceManager()
            .newFixedThreadPool(this, "waybill-deliver", endpoint.spec("-").inFlight());
    target =
        new RouteTarget(
            new DeliverRoute(getEndpoint().getCamelContext(), DELIVER),
            new DeadLetterRoute(getEndpoint().getCamelContext(), DEAD_LETTER),
            endpoint,
            services.shapes());
  }

  @Override
  protected void doStop() throws Exception {
    getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(senders);
    super.doStop();
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    String flow = ExchangeHelper.getAtRouteId(exchange);
    try {
      refuseWhileHeld(flow);
      deliver(exchange, flow);
    } catch (HeldDeliveryException e) {
      FlowGuard.markUndelivered(exchange, e);
      services.holds().hold(flow, e.failure());
      throw e;
    } catch (RunFailedException | DeliveryStoppedException e) {
      FlowGuard.markUndelivered(exchange, e);
      throw e;
    }
  }

  private void refuseWhileHeld(String flow) {
    services
        .holds()
        .of(flow)
        .ifPresent(
            hold -> {
              throw new HeldDeliveryException(
                  new Failure(Verdict.HOLD, 0, "FLOW_HELD", hold.reason(), hold.remedy()));
            });
  }

  private void deliver(Exchange exchange, String flow) throws IOException {
    Offered offered = new BodySources(flow, services.spool()).of(exchange);
    Instant began = services.clock().instant();
    try {
      RunResult result = deliver(flow, offered);
      if (offered.spooled()) {
        services.spool().done(flow, offered.source());
      }
      String outcome = result.unchanged() ? "unchanged" : result.state().label();
      answer(exchange.getMessage(), flow, result.run(), result.rows(), outcome, began);
    } catch (HeldDeliveryException e) {
      if (!offered.anonymous()) {
        throw e;
      }
      // nobody will offer this body again, and it is safe in the spool: it is ours to deliver
      services.holds().hold(flow, e.failure());
      answer(exchange.getMessage(), flow, "", 0, "held", began);
    }
  }

  /** Delivers a source of this flow, be it offered now or left in the spool. */
  RunResult deliver(String flow, Offered offered) {
    Format format =
        endpoint
            .givenFormat()
            .or(() -> Format.ofFileName(offered.fileName()))
            .orElseThrow(() -> formatUnknown(offered));
    RunResult result =
        deliveries
            .computeIfAbsent(flow, this::newDelivery)
            .deliver(offered.source(), format);
    services.holds().arrived(flow);
    return result;
  }

  private Delivery newDelivery(String flow) {
    Papers papers =
        new Papers(
            services.ledger(),
            services.outbox(),
            services.deadLetters(),
            target,
            services.listener(),
            services.clock());
    return new Delivery(
        endpoint.spec(flow), papers, senders, services.pool(), services.clock());
  }

  private static HeldDeliveryException formatUnknown(Offered offered) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            0,
            "FORMAT_UNKNOWN",
            "nothing tells the format of " + offered.source().location(),
            "add format=CSVWithNames (or CSV, TSV, TSVWithNames, JSONEachRow) to the waybill: URI"));
  }

  private void answer(
      Message message, String flow, String run, long rows, String outcome, Instant began) {
    message.setHeader(WaybillHeaders.FLOW, flow);
    message.setHeader(WaybillHeaders.RUN, run);
    message.setHeader(WaybillHeaders.ROWS, rows);
    message.setHeader(WaybillHeaders.OUTCOME, outcome);
    message.setHeader(WaybillHeaders.STARTED_AT, began);
    message.setHeader(
        WaybillHeaders.ELAPSED_MILLIS,
        Duration.between(began, services.clock().instant()).toMillis());
  }
}
