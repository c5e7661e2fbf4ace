package io.waybill.camel;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import io.waybill.delivery.Attempts;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.Prober;
import io.waybill.delivery.Target;
import io.waybill.delivery.Waybill;
import java.util.List;

/** The delivery room's way to ClickHouse: the deliver route. Thread-safe. */
final class RouteTarget implements Target {
  private final DeliverRoute deliver;
  private final DeadLetterRoute deadLetter;
  private final WaybillEndpoint endpoint;
  private final TableShapes shapes;
  private final Refusals refusals;

  RouteTarget(
      DeliverRoute deliver,
      DeadLetterRoute deadLetter,
      WaybillEndpoint endpoint,
      TableShapes shapes,
      Refusals refusals) {
    this.deliver = deliver;
    this.deadLetter = deadLetter;
    this.endpoint = endpoint;
    this.shapes = shapes;
    this.refusals = refusals;
  }

  @Override
  public InsertShape shape(Format format, byte[] sample) {
    return shapes.shape(endpoint.tableName(), format, sample, endpoint.shapeOptions());
  }

  @Override
  public InsertReceipt send(Attempts attempts, Payload payload) {
    return deliver.send(attempts, payload, endpoint.sending());
  }

  @Override
  public Prober prober(BatchPlan plan) {
    return shapes.prober(plan);
  }

  @Override
  public void buried(Waybill waybill, List<DeadLetter> letters) {
    if (endpoint.isAcknowledgedCommitted()) {
      refusals.add(waybill, letters);
    }
    deadLetter.tell(waybill, letters);
  }
}
