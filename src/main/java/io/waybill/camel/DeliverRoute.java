package io.waybill.camel;

import io.waybill.batch.Payload;
import io.waybill.camel.BatchDelivery.Sending;
import io.waybill.delivery.Attempts;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeliveryException;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.RefusedBatchException;
import io.waybill.delivery.Verdict;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a batch through a route that ends in {@code clickhouse:}. Only a receipt that the producer
 * left counts: what else the route says or swallows neither settles a batch nor loses one.
 * Thread-safe.
 */
public final class DeliverRoute {
  private static final Logger LOG = LoggerFactory.getLogger(DeliverRoute.class);
  private final CamelContext context;
  private final String uri;
  private final Producer producer;

  /**
   * The way through this route.
   *
   * @param uri {@code direct:} endpoint that the route begins with
   */
  public DeliverRoute(CamelContext context, String uri) throws Exception {
    this.context = context;
    this.uri = uri;
    this.producer = context.getEndpoint(uri).createAsyncProducer();
    this.producer.start();
  }

  /** As {@link io.waybill.delivery.Target#send}. */
  public InsertReceipt send(Attempts attempts, Payload payload, Sending sending) {
    BatchPlan plan = attempts.plan();
    Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
    BatchDelivery delivery = new BatchDelivery(attempts, payload, sending);
    delivery.putOn(exchange);
    fill(exchange.getMessage(), plan, sending.role());
    exchange.getMessage().setBody(payload);
    try {
      producer.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    InsertReceipt receipt = delivery.receipt();
    Exception failure = exchange.getException();
    if (receipt == null) {
      throw asDelivery(plan, failure);
    }
    if (failure != null) {
      LOG.warn(
          "batch {} is in ClickHouse, but {} failed behind the insert: {}",
          plan.id(),
          uri,
          failure.getClass().getName());
    }
    return receipt;
  }

  static void fill(Message message, BatchPlan plan, String role) {
    message.setHeader(WaybillHeaders.FLOW, plan.flow());
    message.setHeader(WaybillHeaders.RUN, plan.run());
    message.setHeader(WaybillHeaders.BATCH, plan.id());
    message.setHeader(WaybillHeaders.POSITION, plan.position().toString());
    message.setHeader(WaybillHeaders.ROWS, plan.rows());
    message.setHeader(WaybillHeaders.BYTES, plan.bytes());
    message.setHeader(WaybillHeaders.DIGEST, plan.digest());
    message.setHeader(WaybillHeaders.TOKEN, plan.token());
    message.setHeader(WaybillHeaders.QUERY_ID, plan.id());
    message.setHeader(WaybillHeaders.STARTED_AT, plan.plannedAt());
    if (!role.isEmpty()) {
      message.setHeader(WaybillHeaders.ROLE, role);
    }
  }

  private RuntimeException asDelivery(BatchPlan plan, Exception failure) {
    if (isStopping()
        || ObjectHelper.getException(RejectedExecutionException.class, failure) != null) {
      return new DeliveryStoppedException(failure);
    }
    // Camel looks into suppressed exceptions first, where failures that were retried have gone
    DeliveryException typed =
        failure instanceof DeliveryException last
            ? last
            : ObjectHelper.getException(DeliveryException.class, failure);
    if (typed instanceof RefusedBatchException || typed instanceof HeldDeliveryException) {
      return typed;
    }
    if (typed != null) {
      // its retries were given up by the route, which is not for the route to decide
      return new HeldDeliveryException(typed.failure(), typed);
    }
    String reason =
        failure == null
            ? "deliver route returned without inserting batch " + plan.id()
            : "deliver route failed before inserting batch %s: %s"
                .formatted(plan.id(), failure.getClass().getName());
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            0,
            "NO_RECEIPT",
            reason,
            "mend the route from " + uri + ": every exchange must reach clickhouse: once"),
        failure);
  }

  private boolean isStopping() {
    return context.isStopping() || context.isStopped() || Thread.currentThread().isInterrupted();
  }
}
