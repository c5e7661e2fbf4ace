package io.waybill.camel;

import io.waybill.batch.Payload;
import io.waybill.camel.FlowRights.Standing;
import io.waybill.delivery.Attempts;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.InsertReceipt;
import java.time.Instant;
import java.util.function.Function;
import org.apache.camel.Exchange;

/**
 * A planned batch on its way through the deliver route. It rides as an exchange property, so that
 * no header, body or URI that a route or a sender sets can redirect or change the batch. Used by
 * one thread at a time.
 */
public final class BatchDelivery {
  private static final String PROPERTY = "CamelWaybillBatchDelivery";
  private final Payload payload;
  private final Attempts attempts;
  private final Sending sending;
  private Instant firstFailure;
  private InsertReceipt receipt;

  /**
   * How a flow wants its batches sent.
   *
   * @param standing as whom a batch is sent, asked before each attempt; throws {@link
   *     io.waybill.delivery.HeldDeliveryException} if it may not be
   * @param role role that the flow works under, to inform; empty for none
   * @param acceptUnverified whether a batch in doubt whose rows cannot be counted is sent again
   */
  public record Sending(
      Function<BatchPlan, Standing> standing, String role, boolean acceptUnverified) {
    /** As the configured user, and nothing in doubt is taken for sent. */
    public static final Sending PLAIN = new Sending(plan -> Standing.OWN, "", false);
  }

  BatchDelivery(Attempts attempts, Payload payload, Sending sending) {
    this.attempts = attempts;
    this.payload = payload;
    this.sending = sending;
  }

  /** The delivery that this exchange carries, or null. */
  public static BatchDelivery of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, BatchDelivery.class);
  }

  void putOn(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
  }

  BatchPlan plan() {
    return attempts.plan();
  }

  Payload payload() {
    return payload;
  }

  Attempts attempts() {
    return attempts;
  }

  Sending sending() {
    return sending;
  }

  InsertReceipt receipt() {
    return receipt;
  }

  void receipt(InsertReceipt proof) {
    this.receipt = proof;
  }

  /** When the first of the failures that are being retried happened. */
  Instant firstFailure(Instant now) {
    if (firstFailure == null) {
      firstFailure = now;
    }
    return firstFailure;
  }
}
