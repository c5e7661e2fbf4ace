package io.waybill.camel;

import java.util.Set;
import org.apache.camel.Endpoint;

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

  static boolean isOne(Endpoint from) {
    return from != null && SCHEMES.contains(from.getEndpointUri().replaceFirst(":(?s).*", ""));
  }
}
