package io.waybill.camel;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.ClickHouseConnection;
import io.waybill.delivery.InsertWatch;
import io.waybill.testing.TestClickHouse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/** A real Camel with the clickhouse: component on the tests' ClickHouse, and a database in it. */
final class ComponentContext implements AutoCloseable {
  private final String database = TestClickHouse.createDatabase();
  private final ClickHouseClient client =
      new ClickHouseClient(
          new ClickHouseConnection(
              TestClickHouse.url(),
              TestClickHouse.user(),
              TestClickHouse.password(),
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              false),
          "test");
  private final ClickHouseComponent component =
      new ClickHouseComponent(
          account -> client,
          new ClickHouseComponent.Retries(Duration.ofMinutes(1), Duration.ofDays(7)),
          Clock.systemUTC(),
          "test",
          InsertWatch.NONE,
          FlowRights.UNBOUND);
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final ProducerTemplate producer;

  ComponentContext() {
    camel.addComponent("clickhouse", component);
    camel.start();
    producer = camel.createProducerTemplate();
  }

  DefaultCamelContext camel() {
    return camel;
  }

  String database() {
    return database;
  }

  ClickHouseClient configuredClient() {
    return client;
  }

  /** The client that an endpoint uses. */
  ClickHouseClient clientOf(String uri) {
    return component.client(camel.getEndpoint(uri, ClickHouseEndpoint.class));
  }

  /** Sends to {@code clickhouse:DATABASE} and what follows it in the URI. */
  Exchange send(String options, Object body, Map<String, Object> headers) {
    return sendTo("clickhouse:" + database + options, body, headers);
  }

  Exchange sendTo(String uri, Object body, Map<String, Object> headers) {
    return producer.request(
        uri,
        exchange -> {
          exchange.getMessage().setBody(body);
          headers.forEach(exchange.getMessage()::setHeader);
        });
  }

  @Override
  public void close() {
    camel.stop();
    client.close();
  }
}
