package io.waybill.camel;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * {@code waybill-after:}, and what stands for the timer of a flow that has a schedule: sources that
 * bring nothing by themselves and wait for a trigger.
 */
public final class WaitingComponent extends DefaultComponent {
  /** Scheme of flows that wait for other flows. */
  public static final String AFTER = "waybill-after";

  /** Scheme that takes the place of a timer. */
  static final String SCHEDULE = "waybill-schedule";

  /** Makes both schemes known. */
  public static void addTo(CamelContext context) {
    context.addComponent(AFTER, new WaitingComponent());
    context.addComponent(SCHEDULE, new WaitingComponent());
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    WaitingEndpoint endpoint = new WaitingEndpoint(uri, this, remaining);
    setProperties(endpoint, parameters);
    if (uri.startsWith(AFTER)) {
      endpoint.requireFlows();
    }
    return endpoint;
  }
}
