package io.waybill.camel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Message;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Constants;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/**
 * What tells a message from all others, as a digest of what its sender calls it.
 *
 * @param high first half
 * @param low second half
 */
record MessageId(long high, long low) {
  /** What HTTP and MQTT senders name a message by. */
  private static final String KEY = "Idempotency-Key";

  /** Headers that senders name a message by: of JMS, and of HTTP. */
  static final List<String> HEADERS = List.of("JMSMessageID", KEY);

  static MessageId of(String id) {
    ByteBuffer digest = ByteBuffer.wrap(Sha256.of(id.getBytes(StandardCharsets.UTF_8)));
    return new MessageId(digest.getLong(), digest.getLong());
  }

  /** Of a message that has one. */
  static Optional<MessageId> of(Message message) {
    return HEADERS.stream()
        .map(header -> message.getHeader(header, "", String.class))
        .filter(id -> !id.isEmpty())
        .findFirst()
        .or(() -> ofMqtt(message))
        .map(MessageId::of);
  }

  /** MQTT has no ids that outlive a connection, so that senders have to give one. */
  private static Optional<String> ofMqtt(Message message) {
    return Optional.ofNullable(
            message.getHeader(PahoMqtt5Constants.CAMEL_PAHO_MSG_PROPERTIES, MqttProperties.class))
        .flatMap(
            properties ->
                properties.getUserProperties().stream()
                    .filter(property -> property.getKey().equalsIgnoreCase(KEY))
                    .map(UserProperty::getValue)
                    .filter(id -> !id.isEmpty())
                    .findFirst());
  }

  static MessageId parse(String hex) {
    return new MessageId(
        Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
  }

  @Override
  public String toString() {
    return "%016x%016x".formatted(high, low);
  }
}
