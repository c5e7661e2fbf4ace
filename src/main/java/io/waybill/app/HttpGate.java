package io.waybill.app;

import io.waybill.batch.Format;
import io.waybill.camel.FlowHold;
import io.waybill.camel.FlowHolds;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.WaybillEndpoint;
import io.waybill.camel.http.HttpFlows;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;

/** What the HTTP side asks of the flows of this process. Thread-safe. */
final class HttpGate implements HttpFlows {
  private final Function<String, Optional<LoadedFlow>> flows;
  private final FlowHolds holds;
  private final CamelContext context;

  HttpGate(Function<String, Optional<LoadedFlow>> flows, FlowHolds holds, CamelContext context) {
    this.flows = flows;
    this.holds = holds;
    this.context = context;
  }

  @Override
  public boolean isFlow(String route) {
    return flows.apply(route).isPresent();
  }

  @Override
  public Optional<FlowHold> hold(String flow) {
    return holds.of(flow);
  }

  @Override
  public Optional<Format> format(String flow) {
    return flows
        .apply(flow)
        .map(
            each ->
                context.getEndpoint(
                    context.resolvePropertyPlaceholders(each.target()), WaybillEndpoint.class))
        .flatMap(WaybillEndpoint::givenFormat);
  }
}
