package io.waybill.delivery;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;

/**
 * Port: the way to ClickHouse; in Waybill the deliver route. Thread-safe. Sending is synchronous:
 * when {@link #send} returns or throws nobody reads the payload any more.
 */
public interface Target {

  /**
   * What shapes the next batches: asked once a run, before its first batch is planned. Makes the
   * table if the flow asks for that.
   *
   * @param sample first records in {@code format}, whole ones, header line included
   * @throws HeldDeliveryException if there is no such table, no right to it, no way to it
   */
  InsertShape shape(Format format, byte[] sample);

  /**
   * Sends one batch, again and again as its verdicts ask for, until ClickHouse has it or a person
   * has to look.
   *
   * @throws RefusedBatchException if the content was refused, nothing applied
   * @throws HeldDeliveryException if it has to wait
   * @throws DeliveryStoppedException if Waybill is stopping; the batch stays planned
   */
  InsertReceipt send(BatchPlan plan, Payload payload, Attempts attempts);

  /** Tells that a batch was stored as dead letter; what comes of telling changes nothing. */
  void buried(Waybill waybill, DeadLetter letter);
}
