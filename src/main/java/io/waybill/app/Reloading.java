package io.waybill.app;

import io.waybill.camel.FlowHolds;
import io.waybill.camel.FlowRights;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFolder;
import io.waybill.camel.WaybillComponent;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.Ledger;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;

/**
 * Sets the taking of changed route files going.
 *
 * @param rights those of flows that are looked at and not started
 * @param goesOn sees to what a crash or a hold left of a flow that was started
 */
record Reloading(
    CamelContext context,
    Ledger ledger,
    FlowHolds holds,
    FlowPreflight preflight,
    WaybillComponent waybill,
    FlowRights rights,
    Consumer<String> goesOn) {

  /**
   * Begins to watch.
   *
   * @param chosen flows that are to run; empty for all
   * @throws IOException if nothing can be watched here
   */
  RouteWatch start(
      Home home,
      WaybillConfig config,
      Access access,
      RouteFiles routes,
      RouteNotes notes,
      List<String> chosen,
      FaultPoint faults)
      throws IOException {
    RouteStop stop = new RouteStop(context, waybill, config.limits().shutdownTimeout());
    RouteSwap swap = new RouteSwap(routes, stop, holds, starter(), chosen, faults);
    RouteReload reload =
        new RouteReload(
            routes,
            new Candidates(home, config, access, rights),
            swap,
            notes,
            holds,
            chosen,
            Clock.systemUTC(),
            config.hold());
    return RouteWatch.start(new RouteFolder(home.folder()), reload, config.reload());
  }

  /** Deliveries of what is left may take long; other files are not to wait for that. */
  private FlowStarter starter() {
    Executor threads =
        context.getExecutorServiceManager().newCachedThreadPool(this, "waybill-leftovers");
    return new FlowStarter(
        context, ledger, holds, preflight, flow -> threads.execute(() -> goesOn.accept(flow)));
  }
}
