package io.waybill.app;

import io.waybill.camel.WaybillComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.Suspendable;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops routes for good, and leaves the others alone: sources first, then it waits for what is on
 * its way, then it stops them whatever is still on its way. Such batches stay planned, and the
 * flow's next route goes on with them. Thread-safe.
 */
final class RouteStop {
  private static final Logger LOG = LoggerFactory.getLogger(RouteStop.class);
  private static final long LOOK_MILLIS = 20;
  private final CamelContext context;
  private final WaybillComponent waybill;
  private final Duration patience;

  RouteStop(CamelContext context, WaybillComponent waybill, Duration patience) {
    this.context = context;
    this.waybill = waybill;
    this.patience = patience;
  }

  void stop(Collection<String> routes) {
    long deadline = System.nanoTime() + patience.toNanos();
    routes.forEach(this::quieten);
    while (System.nanoTime() < deadline && routes.stream().anyMatch(this::isBusy)) {
      pause();
    }
    for (String route : routes) {
      stop(route, Math.max(1, TimeUnit.NANOSECONDS.toSeconds(deadline - System.nanoTime())));
      waybill.forget(route);
    }
  }

  /** Reads no more of the source; a consumer that cannot be suspended is stopped with its route. */
  private void quieten(String id) {
    Route route = context.getRoute(id);
    Consumer consumer = route == null ? null : route.getConsumer();
    if (consumer instanceof Suspendable) {
      try {
        ServiceHelper.suspendService(consumer);
      } catch (RuntimeException e) {
        LOG.debug("The route is stopped next", e);
      }
    }
  }

  private boolean isBusy(String route) {
    return context.getInflightRepository().size(route) > 0 || waybill.isDelivering(route);
  }

  private static void pause() {
    try {
      var unused = new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop(String route, long seconds) {
    try {
      context.getRouteController().stopRoute(route, seconds, TimeUnit.SECONDS);
    } catch (Exception e) {
      LOG.warn("route {} was not stopped cleanly: {}", route, e.toString());
    }
  }
}
