package io.waybill.camel;

import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.HeldDeliveryException;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.Suspendable;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at the end of every flow: a delivery that did not arrive fails the exchange whatever the
 * route made of the exception, so that no source is acknowledged; a held one suspends the flow's
 * consumer, so that nothing is polled in a tight loop. Thread-safe.
 */
public final class FlowGuard extends RoutePolicySupport {
  private static final Logger LOG = LoggerFactory.getLogger(FlowGuard.class);
  private static final String UNDELIVERED = "CamelWaybillUndelivered";
  private final Predicate<String> holds;
  private final BiConsumer<String, Exchange> beginning;

  /**
   * For all flows.
   *
   * @param holds whether a flow is held
   * @param beginning is told of each message that enters a flow, before its first step
   */
  public FlowGuard(Predicate<String> holds, BiConsumer<String, Exchange> beginning) {
    this.holds = holds;
    this.beginning = beginning;
  }

  /** Notes on the exchange that its records did not arrive. */
  static void markUndelivered(Exchange exchange, RuntimeException why) {
    exchange.setProperty(UNDELIVERED, why);
  }

  @Override
  public void onExchangeBegin(Route route, Exchange exchange) {
    beginning.accept(route.getId(), exchange);
  }

  @Override
  public void onExchangeDone(Route route, Exchange exchange) {
    RuntimeException undelivered = exchange.getProperty(UNDELIVERED, RuntimeException.class);
    if (undelivered == null) {
      return;
    }
    if (exchange.getException() == null) {
      LOG.warn(
          "flow {} swallowed that its records did not arrive; its source is not acknowledged",
          route.getId());
      exchange.setException(undelivered);
    }
    if (undelivered instanceof HeldDeliveryException) {
      suspend(route, true);
    } else if (undelivered instanceof DeliveryStoppedException) {
      suspend(route, false);
    }
  }

  /**
   * A consumer that can only be stopped closes its connection, as that of MQTT does, and some wait
   * there for the very thread that is here.
   */
  private void suspend(Route route, boolean held) {
    if (route.getConsumer() instanceof Suspendable && !PushSources.wantsOrder(route)) {
      suspendNow(route, held);
    } else {
      route
          .getCamelContext()
          .getExecutorServiceManager()
          .newThread("waybill-suspend", () -> suspendNow(route, held))
          .start();
    }
  }

  private void suspendNow(Route route, boolean held) {
    try {
      suspendOrStopConsumer(route.getConsumer());
      if (held && !holds.test(route.getId())) {
        ServiceHelper.resumeService(route.getConsumer()); // it went on in between
      }
    } catch (Exception e) {
      LOG.error("flow {} cannot be suspended: {}", route.getId(), e.toString());
    }
  }
}
