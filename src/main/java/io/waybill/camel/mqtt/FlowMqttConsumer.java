package io.waybill.camel.mqtt;

import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Consumer;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * Camel's consumer with a client that connects when everything is ready to take messages. To
 * suspend it ends the connection only: what it had and did not acknowledge is offered again when it
 * goes on.
 */
final class FlowMqttConsumer extends PahoMqtt5Consumer implements Suspendable {
  private final FlowMqttEndpoint endpoint;
  private ListeningClient own;

  FlowMqttConsumer(FlowMqttEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doSuspend() throws Exception {
    leave();
  }

  @Override
  protected void doResume() throws Exception {
    doStart();
  }

  @Override
  protected void doStart() throws Exception {
    if (getClient() == null) {
      own = endpoint.newClient();
      setClient(own);
    }
    try {
      super.doStart();
    } catch (Exception e) {
      leave();
      throw e;
    }
  }

  @Override
  protected void doStop() throws Exception {
    leave();
    super.doStop();
  }

  private void leave() throws MqttException {
    ListeningClient client = own;
    own = null;
    if (client == null) {
      return;
    }
    try {
      if (client.isConnected()) {
        if (endpoint.getConfiguration().isCleanStart()) {
          client.unsubscribe(endpoint.getTopic());
        }
        client.disconnect();
      }
    } finally {
      setClient(null);
      client.close();
    }
  }
}
