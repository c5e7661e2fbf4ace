package io.waybill.camel;

import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Endpoint;

/** The endpoints that bring one message at a time, whose messages are collected by themselves. */
final class PushSources {
  private static final Set<String> SCHEMES =
      Set.of(
          "activemq",
          "activemq6",
          "amqp",
          "aws2-sqs",
          "azure-servicebus",
          "coap",
          "google-pubsub",
          "jetty",
          "jms",
          "nats",
          "netty",
          "netty-http",
          "paho",
          "paho-mqtt5",
          "platform-http",
          "pulsar",
          "servlet",
          "sjms",
          "sjms2",
          "spring-rabbitmq",
          "stomp",
          "undertow");

  private PushSources() {}

  /** Whether a source wants its messages acknowledged in the order that it sent them in. */
  static boolean wantsOrder(Route route) {
    return route != null && route.getEndpoint() instanceof PahoMqtt5Endpoint;
  }

  static boolean isOne(Endpoint from) {
    return from != null && SCHEMES.contains(from.getEndpointUri().replaceFirst(":(?s).*", ""));
  }
}
