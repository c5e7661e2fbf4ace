package io.waybill.app;

import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.camel.FlowHolds;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.WaybillComponent;
import io.waybill.camel.WaybillComponent.RunOfStream;
import io.waybill.delivery.Demand;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.RunResult;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import java.util.Optional;
import java.util.function.Function;

/** Delivers sources for people, by the flows that are loaded. Thread-safe. */
final class FlowDesk {
  private final Function<String, Optional<LoadedFlow>> flows;
  private final FlowPreflight preflight;
  private final FlowHolds holds;
  private final WaybillComponent component;

  FlowDesk(
      Function<String, Optional<LoadedFlow>> flows,
      FlowPreflight preflight,
      FlowHolds holds,
      WaybillComponent component) {
    this.flows = flows;
    this.preflight = preflight;
    this.holds = holds;
    this.component = component;
  }

  /** The table that a flow goes to; empty if no such flow is loaded. */
  Optional<TableName> target(String flow) {
    return flows.apply(flow).map(each -> preflight.endpoint(each).tableName());
  }

  /** Lets a failed run of a stream go on, with its flow. */
  void goOn(String flow, String run) {
    component.goOn(flow, run);
    holds.lookNow(flow);
  }

  /**
   * Lets a stream be delivered once more from where a run began.
   *
   * @return the position that it begins at
   * @throws HeldDeliveryException if it has to wait
   * @throws io.waybill.delivery.RunFailedException if it cannot
   */
  long again(RunOfStream run, boolean abandon) {
    LoadedFlow flow = flows.apply(run.flow()).orElseThrow();
    holds
        .of(run.flow())
        .ifPresent(
            hold -> {
              throw new HeldDeliveryException(
                  new Failure(Verdict.HOLD, 0, "FLOW_HELD", hold.reason(), hold.remedy()));
            });
    return component.again(preflight.endpoint(flow), run, abandon);
  }

  /**
   * Delivers a source as the flow would; a flow that was held goes on when it arrived.
   *
   * @throws HeldDeliveryException if it has to wait
   * @throws io.waybill.delivery.RunFailedException if it cannot go on
   */
  RunResult deliver(String name, FileSource source, Format format, Demand demand) {
    LoadedFlow flow = flows.apply(name).orElseThrow();
    Optional<Failure> objection = preflight.look(flow);
    if (objection.isPresent()) {
      throw new HeldDeliveryException(objection.get());
    }
    RunResult result = component.deliver(name, preflight.endpoint(flow), source, format, demand);
    holds.lookNow(name);
    return result;
  }
}
