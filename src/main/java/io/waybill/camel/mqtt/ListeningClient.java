package io.waybill.camel.mqtt;

import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttClientPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects when it first subscribes: its callback is there by then. When it is connected again by
 * itself it subscribes without waiting, as it is told to in the thread that brings the messages:
 * the answer comes behind those that the broker offers again. Thread-safe as its parent.
 */
final class ListeningClient extends MqttClient {
  private static final Logger LOG = LoggerFactory.getLogger(ListeningClient.class);
  private final MqttConnectionOptions options;

  ListeningClient(
      String url, String id, MqttClientPersistence persistence, MqttConnectionOptions options)
      throws MqttException {
    super(url, id, persistence);
    this.options = options;
  }

  @Override
  public IMqttToken subscribe(String topic, int qos) throws MqttException {
    if (isConnected()) {
      return aClient.subscribe(topic, qos, null, new Answer(topic));
    }
    connect(options);
    return super.subscribe(topic, qos);
  }

  private record Answer(String topic) implements MqttActionListener {
    @Override
    public void onSuccess(IMqttToken token) {
      LOG.debug("subscribed to {} again", topic);
    }

    @Override
    public void onFailure(IMqttToken token, Throwable thrown) {
      LOG.error("MQTT: cannot subscribe to {} again: {}", topic, String.valueOf(thrown));
    }
  }
}
