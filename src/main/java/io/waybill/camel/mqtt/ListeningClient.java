package io.waybill.camel.mqtt;

import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttClientPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Connects when it first subscribes: its callback is there by then. Thread-safe as its parent. */
final class ListeningClient extends MqttClient {
  private final MqttConnectionOptions options;

  ListeningClient(
      String url, String id, MqttClientPersistence persistence, MqttConnectionOptions options)
      throws MqttException {
    super(url, id, persistence);
    this.options = options;
  }

  @Override
  public IMqttToken subscribe(String topic, int qos) throws MqttException {
    if (!isConnected()) {
      connect(options);
    }
    return super.subscribe(topic, qos);
  }
}
