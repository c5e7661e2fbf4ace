package io.waybill.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls {@code direct:waybill-alert}, the users' hook for what a person should know of. What comes
 * of it changes nothing. Used by one thread.
 */
public final class AlertRoute {
  private static final Logger LOG = LoggerFactory.getLogger(AlertRoute.class);
  private static final String ROUTE = "direct:waybill-alert";
  private final Producer producer;

  /**
   * An alert, in words that may be shown.
   *
   * @param kind {@code failed}, {@code held}, {@code late} or {@code dead_letters}
   * @param run run id; empty if it is about no single run
   */
  public record Alert(String kind, String flow, String run, String reason, String remedy) {
    /** All of it, for what makes JSON of it. */
    Map<String, String> fields() {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("kind", kind);
      fields.put("flow", flow);
      fields.put("run", run);
      fields.put("reason", reason);
      fields.put("remedy", remedy);
      fields.put("text", text());
      return fields;
    }

    /** All of it in a sentence or two. */
    String text() {
      return "flow %s: %s: %s%s"
          .formatted(flow, kind.replace('_', ' '), reason, remedy.isEmpty() ? "" : ". " + remedy);
    }
  }

  public AlertRoute(CamelContext context) throws Exception {
    this.producer = context.getEndpoint(ROUTE).createAsyncProducer();
    this.producer.start();
  }

  /** Whether the route took it. */
  public boolean tell(Alert alert) {
    Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
    Message message = exchange.getMessage();
    message.setHeader(WaybillHeaders.ALERT_KIND, alert.kind());
    message.setHeader(WaybillHeaders.ALERT_FLOW, alert.flow());
    if (!alert.run().isEmpty()) {
      message.setHeader(WaybillHeaders.ALERT_RUN, alert.run());
    }
    message.setHeader(WaybillHeaders.ALERT_REASON, alert.reason());
    message.setHeader(WaybillHeaders.ALERT_REMEDY, alert.remedy());
    message.setBody(alert.text());
    exchange.setVariable("alert", alert.fields());
    exchange.setVariable("alertMessage", Map.of("text", alert.text()));
    try {
      producer.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    if (exchange.getException() != null) {
      // its message may name an address that is a secret, as those of webhooks are
      LOG.warn(
          "{} failed for an alert of flow {} ({}): {}",
          ROUTE,
          alert.flow(),
          exchange.getException().getClass().getName(),
          alert.text());
      return false;
    }
    return true;
  }
}
