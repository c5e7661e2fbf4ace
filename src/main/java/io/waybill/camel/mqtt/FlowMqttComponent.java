package io.waybill.camel.mqtt;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Component;
import org.apache.camel.spi.annotations.Component;

/**
 * Camel's {@code paho-mqtt5:}, but its consumers listen before they connect. Camel's connect first:
 * what the broker offers again in between, as it does whenever a session is resumed, is dropped and
 * not acknowledged, so that it stays away until the next connection.
 */
@Component("paho-mqtt5") // by this name Camel finds what sets the options
public final class FlowMqttComponent extends PahoMqtt5Component {
  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    FlowMqttEndpoint endpoint =
        new FlowMqttEndpoint(uri, remaining, this, getConfiguration().copy());
    endpoint.setClient(getClient());
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
