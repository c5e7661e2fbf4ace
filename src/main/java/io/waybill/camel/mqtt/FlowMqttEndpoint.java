package io.waybill.camel.mqtt;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Configuration;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Endpoint;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Camel's endpoint with a consumer that listens before it connects. */
final class FlowMqttEndpoint extends PahoMqtt5Endpoint {
  FlowMqttEndpoint(
      String uri, String topic, FlowMqttComponent component, PahoMqtt5Configuration options) {
    super(uri, topic, component, options);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    FlowMqttConsumer consumer = new FlowMqttConsumer(this, processor);
    consumer.setClient(getClient());
    configureConsumer(consumer);
    return consumer;
  }

  /** A client for one connection. */
  ListeningClient newClient() throws MqttException {
    PahoMqtt5Configuration options = getConfiguration();
    String id = options.getClientId() == null ? generateClientId() : options.getClientId();
    ListeningClient client =
        new ListeningClient(
            options.getBrokerUrl(),
            id,
            createMqttClientPersistence(options),
            createMqttConnectionOptions());
    client.setManualAcks(options.isManualAcksEnabled());
    return client;
  }
}
