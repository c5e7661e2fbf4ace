package io.waybill.delivery;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import java.util.List;

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
   * Sends the batch of these attempts, again and again as its verdicts ask for, until ClickHouse
   * has it or a person has to look.
   *
   * @throws RefusedBatchException if the content was refused, nothing applied
   * @throws HeldDeliveryException if it has to wait
   * @throws DeliveryStoppedException if Waybill is stopping; the batch stays planned
   */
  InsertReceipt send(Attempts attempts, Payload payload);

  /**
   * Makes ready to try records of a refused batch.
   *
   * @throws HeldDeliveryException if they cannot be tried
   */
  Prober prober(BatchPlan plan);

  /** Tells that records were stored as dead letters; what comes of telling changes nothing. */
  void buried(Waybill waybill, List<DeadLetter> letters);
}
