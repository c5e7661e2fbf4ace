package io.waybill.camel.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.util.PropertiesHelper;

/** Camel's {@code kafka:}, but for consumers of flows with {@code batching=true}. */
@Component("kafka") // by this name Camel finds what sets the options
public final class FlowKafkaComponent extends KafkaComponent {
  private final GroupMembers members = new GroupMembers();

  /** The consumers of this process. */
  GroupMembers members() {
    return members;
  }

  @Override
  protected KafkaEndpoint createEndpoint(
      String uri, String remaining, Map<String, Object> parameters) throws Exception {
    KafkaEndpoint camels = super.createEndpoint(uri, remaining, new HashMap<>(parameters));
    FlowKafkaEndpoint endpoint = new FlowKafkaEndpoint(uri, this);
    endpoint.setConfiguration(camels.getConfiguration());
    // the configuration has them already
    PropertiesHelper.extractProperties(parameters, "additionalProperties.");
    endpoint.given(parameters.keySet());
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
