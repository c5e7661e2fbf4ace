package io.waybill.camel;

import io.waybill.batch.Payload;
import io.waybill.delivery.Attempts;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.InsertReceipt;
import java.time.Instant;
import org.apache.camel.Exchange;

/**
 * A planned batch on its way through the deliver route. It rides as an exchange property, so that
 * no header, body or URI that a route or a sender sets can redirect or change the batch. Used by
 * one thread at a time.
 */
public final class BatchDelivery {
  private static final String PROPERTY = "CamelWaybillBatchDelivery";
  private final BatchPlan plan;
  private final Payload payload;
  private final Attempts attempts;
  private final String role;
  private Instant firstFailure;
  private InsertReceipt receipt;

  BatchDelivery(BatchPlan plan, Payload payload, Attempts attempts, String role) {
    this.plan = plan;
    this.payload = payload;
    this.attempts = attempts;
    this.role = role;
  }

  /** The delivery that this exchange carries, or null. */
  public static BatchDelivery of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, BatchDelivery.class);
  }

  void putOn(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
  }

  BatchPlan plan() {
    return plan;
  }

  Payload payload() {
    return payload;
  }

  Attempts attempts() {
    return attempts;
  }

  /** Role to write as; empty for none. */
  String role() {
    return role;
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
