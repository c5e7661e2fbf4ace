package io.waybill.delivery;

import io.waybill.batch.Payload;
import java.util.List;

/**
 * Port: the way to ClickHouse; in Waybill the deliver route. Thread-safe. Sending is synchronous:
 * when {@link #send} returns or throws nobody reads the payload any more.
 */
public interface Target {

  /**
   * What shapes the next batches of a run: asked once a pass, before its first batch is planned.
   * Makes the table if the flow asks for that.
   *
   * @param sample first records in the unit's format, whole ones, header line included
   * @throws HeldDeliveryException if there is no such table, no right to it, no way to it
   */
  InsertShape shape(Unit unit, Run run, byte[] sample);

  /**
   * All of a run is settled, and it is about to be complete. May happen again after a crash.
   *
   * @throws HeldDeliveryException if it cannot be complete yet
   * @throws RunFailedException if it must not be
   */
  void complete(Unit unit, Run run);

  /** A run is complete; what comes of telling changes nothing. */
  void ended(Unit unit, Run run);

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
