package io.waybill.camel;

import io.waybill.clickhouse.QueryContext;
import io.waybill.clickhouse.StatementGuard;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.ScheduledPollConsumer;

/**
 * Lets the rights of a flow decide on the statements by which its source is polled, as they do on
 * those of its steps. To be installed before what gates polls. Thread-safe.
 */
public final class PolledStatements extends LifecycleStrategySupport {
  private final FlowRights rights;

  public PolledStatements(FlowRights rights) {
    this.rights = rights;
  }

  @Override
  public void onServiceAdd(CamelContext of, Service service, Route route) {
    if (service instanceof ScheduledPollConsumer consumer && route != null) {
      PollingConsumerPollStrategy given = consumer.getPollStrategy();
      consumer.setPollStrategy(
          new AsFlow(
              given == null ? new DefaultPollingConsumerPollStrategy() : given,
              RunContextInterceptor.guard(rights, route.getRouteId())));
    }
  }

  /** A poll begins and ends in the thread that polls. */
  private record AsFlow(PollingConsumerPollStrategy next, StatementGuard guard)
      implements PollingConsumerPollStrategy {

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
      boolean begun = next.begin(consumer, endpoint);
      if (begun) {
        QueryContext.enter(guard);
      }
      return begun;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
      QueryContext.leave();
      next.commit(consumer, endpoint, polledMessages);
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retry, Exception cause)
        throws Exception {
      QueryContext.leave();
      return next.rollback(consumer, endpoint, retry, cause);
    }
  }
}
