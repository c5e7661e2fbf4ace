package io.waybill.app;

import io.waybill.camel.FlowHolds;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.WaybillEndpoint;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Ledger;
import io.waybill.delivery.Verdict;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts flows whose preflight passes, and holds those whose does not. Thread-safe. */
final class FlowStarter {
  private static final Logger LOG = LoggerFactory.getLogger(FlowStarter.class);
  private final CamelContext context;
  private final Ledger ledger;
  private final FlowHolds holds;
  private final FlowPreflight preflight;
  private final Consumer<String> goesOn;

  /**
   * A starter.
   *
   * @param goesOn hears of each flow that was started, to see to what a crash or a hold left of it
   */
  FlowStarter(
      CamelContext context,
      Ledger ledger,
      FlowHolds holds,
      FlowPreflight preflight,
      Consumer<String> goesOn) {
    this.context = context;
    this.ledger = ledger;
    this.holds = holds;
    this.preflight = preflight;
    this.goesOn = goesOn;
  }

  /**
   * Starts a flow, or holds it.
   *
   * @return whether its route could be started, if it was to be
   */
  boolean start(LoadedFlow flow) {
    WaybillEndpoint endpoint = preflight.endpoint(flow);
    if (!endpoint.delivery().getFormerly().isEmpty()) {
      ledger.renameFlow(endpoint.delivery().getFormerly(), flow.name());
    }
    ledger.registerFlow(flow.name(), endpoint.tableName(), flow.file());
    Optional<Failure> objection = preflight.look(flow);
    if (objection.isPresent()) {
      holds.hold(flow.name(), objection.get());
      PushChecks.answerHeld(context, flow.name());
      return true;
    }
    ledger.releaseFlow(flow.name());
    if (!startRoute(flow.name())) {
      return false;
    }
    goesOn.accept(flow.name());
    return true;
  }

  /** Holds a flow whose file cannot be loaded yet. */
  void startLater(LoadedFlow flow, Failure failure) {
    flow.table().ifPresent(table -> ledger.registerFlow(flow.name(), table, flow.file()));
    holds.hold(flow.name(), failure);
  }

  /** Starts a route, or holds it as a flow. */
  boolean startRoute(String route) {
    try {
      context.getRouteController().startRoute(route);
      return true;
    } catch (Exception e) {
      LOG.warn("route {} cannot be started: {}", route, e.getMessage());
      holds.hold(
          route,
          new Failure(
              Verdict.HOLD,
              0,
              "ROUTE_NOT_STARTED",
              "its route cannot be started: " + e.getMessage(),
              "mend its source; the flow is tried again"));
      return false;
    }
  }
}
