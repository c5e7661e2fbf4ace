package io.waybill.app;

import io.waybill.camel.http.HttpEngine;
import io.waybill.clickhouse.Finding;
import java.io.IOException;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Configuration;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Endpoint;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a source that pushes keeps its messages until they are stored. */
final class PushChecks {
  private static final Logger LOG = LoggerFactory.getLogger(PushChecks.class);

  private PushChecks() {}

  /** What is to be said against an endpoint as the source of a flow. */
  static Optional<Finding> of(CamelContext context, Endpoint from) {
    if (from instanceof JmsEndpoint queue && !queue.isTransacted()) {
      return tooEarly(
          from,
          "add transacted=true&lazyCreateTransactionManager=false&cacheLevelName=CACHE_CONSUMER to its URI");
    }
    if (from instanceof PahoMqtt5Endpoint topic && isForgetful(topic.getConfiguration())) {
      return tooEarly(
          from,
          "add manualAcksEnabled=true&cleanStart=false&sessionExpiryInterval=604800&qos=1&clientId=NAME to its"
              + " URI");
    }
    if (from instanceof PlatformHttpEndpoint && engine(context) instanceof HttpEngine http) {
      return server(http);
    }
    return Optional.empty();
  }

  /** Without these the client acknowledges at once, or the broker forgets what it has sent. */
  private static boolean isForgetful(PahoMqtt5Configuration topic) {
    return !topic.isManualAcksEnabled()
        || topic.isCleanStart()
        || topic.getQos() < 1
        || topic.getSessionExpiryInterval() == 0
        || topic.getClientId() == null;
  }

  private static Optional<Finding> tooEarly(Endpoint from, String remedy) {
    return hold(
        "ACKNOWLEDGED_TOO_EARLY",
        "%s acknowledges a message before it is delivered"
            .formatted(URISupport.sanitizeUri(from.getEndpointUri())),
        remedy);
  }

  /** Senders to a flow that cannot be started are to try again, rather than find nobody there. */
  static void answerHeld(CamelContext context, String flow) {
    Route route = context.getRoute(flow);
    if (route != null
        && route.getEndpoint() instanceof PlatformHttpEndpoint from
        && engine(context) instanceof HttpEngine http) {
      try {
        http.answerHeld(from);
      } catch (IOException e) {
        LOG.debug("nobody can be answered, and the flow is held for it", e);
      }
    }
  }

  private static PlatformHttpEngine engine(CamelContext context) {
    return context
        .getRegistry()
        .lookupByNameAndType(
            PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, PlatformHttpEngine.class);
  }

  private static Optional<Finding> server(HttpEngine http) {
    try {
      http.requireServer();
      return Optional.empty();
    } catch (IOException e) {
      return hold(
          "PORT_TAKEN",
          e.getMessage(),
          "end what listens there, or set waybill.http.port (or camel.server.port) to another one");
    }
  }

  private static Optional<Finding> hold(String name, String reason, String remedy) {
    return Optional.of(new Finding(Finding.Severity.HOLD, 0, name, reason, remedy));
  }
}
