package io.waybill.camel;

import io.waybill.batch.Payload;
import io.waybill.delivery.Attempts;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.Prober;
import io.waybill.delivery.Run;
import io.waybill.delivery.Target;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import java.util.List;
import java.util.Optional;

/** The delivery room's way to ClickHouse: the deliver route. Thread-safe. */
final class RouteTarget implements Target {
  private final DeliverRoute deliver;
  private final DeadLetterRoute deadLetter;
  private final WaybillEndpoint endpoint;
  private final TableShapes shapes;
  private final Refusals refusals;
  private final Optional<Reloads> reloads;

  RouteTarget(
      DeliverRoute deliver,
      DeadLetterRoute deadLetter,
      WaybillEndpoint endpoint,
      TableShapes shapes,
      Refusals refusals,
      Optional<Reloads> reloads) {
    this.reloads = reloads;
    this.deliver = deliver;
    this.deadLetter = deadLetter;
    this.endpoint = endpoint;
    this.shapes = shapes;
    this.refusals = refusals;
  }

  @Override
  public InsertShape shape(Unit unit, Run run, byte[] sample) {
    return reloading(unit)
        .map(it -> it.shape(unit, run, sample))
        .orElseGet(
            () ->
                shapes.shape(endpoint.tableName(), unit.format(), sample, endpoint.shapeOptions()));
  }

  /** Dead letters that are sent again go into the table that stands. */
  private Optional<Reloads> reloading(Unit unit) {
    return reloads.filter(it -> !unit.isReplay());
  }

  @Override
  public void complete(Unit unit, Run run) {
    reloading(unit).ifPresent(it -> it.complete(unit, run));
  }

  @Override
  public void ended(Unit unit, Run run) {
    reloading(unit).ifPresent(it -> it.ended(run));
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
    if (endpoint.batch().isAcknowledgedCommitted()) {
      refusals.add(waybill, letters);
    }
    deadLetter.tell(waybill, letters);
  }
}
