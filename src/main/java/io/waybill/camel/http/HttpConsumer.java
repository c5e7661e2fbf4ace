package io.waybill.camel.http;

import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.Suspendable;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.service.ServiceHelper;

/**
 * The consumer of a {@code platform-http:} route. Which kind does the work is only known when the
 * route is started: a flow's own, or Camel's.
 */
final class HttpConsumer extends DefaultConsumer implements PlatformHttpConsumer, Suspendable {
  private final HttpEngine engine;
  private PlatformHttpConsumer worker;

  HttpConsumer(PlatformHttpEndpoint endpoint, Processor processor, HttpEngine engine) {
    super(endpoint, processor);
    this.engine = engine;
  }

  @Override
  public PlatformHttpEndpoint getEndpoint() {
    return (PlatformHttpEndpoint) super.getEndpoint();
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    worker = engine.consumer(getEndpoint(), getProcessor(), routeId());
    ServiceHelper.startService(worker);
  }

  private String routeId() {
    return getEndpoint().getCamelContext().getRoutes().stream()
        .filter(
            route ->
                route.getConsumer() instanceof PlatformHttpConsumerAware outer
                    && outer.getPlatformHttpConsumer() == this)
        .map(Route::getRouteId)
        .findFirst()
        .orElse("");
  }

  @Override
  protected void doStop() throws Exception {
    ServiceHelper.stopAndShutdownServices(worker);
    worker = null;
    super.doStop();
  }

  @Override
  protected void doSuspend() throws Exception {
    ServiceHelper.suspendService(worker);
    super.doSuspend();
  }

  @Override
  protected void doResume() throws Exception {
    ServiceHelper.resumeService(worker);
    super.doResume();
  }
}
