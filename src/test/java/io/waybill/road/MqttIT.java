package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.camel.FlowHold;
import io.waybill.testing.TestArtemis;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that come by MQTT, of a real broker. */
final class MqttIT {
  private static final String FLOW = "mqtt";
  private static final String SAFE =
      "?manualAcksEnabled=true&cleanStart=false&sessionExpiryInterval=86400&qos=1&clientId=waybill-test";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  @TempDir Path folder;
  @TempDir Path brokerFolder;
  private RoadHome home;
  private TestArtemis broker;

  @BeforeEach
  void start() throws Exception {
    broker = TestArtemis.start(brokerFolder);
    home =
        RoadHome.in(folder)
            .table(FLOW, "id UInt64, text String")
            .set("camel.component.paho-mqtt5.broker-url", broker.url());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private void flow(String consumer) {
    home.flowFrom(FLOW, "paho-mqtt5:sensors" + consumer, "batchInterval=100ms&batchRows=500");
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  /** Publishes rows, each with an id of its own. */
  private void publish(int from, int to) throws MqttException {
    MqttClient client = new MqttClient(broker.url(), "sender", new MemoryPersistence());
    try {
      client.connect();
      for (int id = from; id < to; id++) {
        MqttMessage message = new MqttMessage(row(id).getBytes(StandardCharsets.UTF_8));
        message.setQos(1);
        MqttProperties properties = new MqttProperties();
        properties.setUserProperties(List.of(new UserProperty("Idempotency-Key", "row-" + id)));
        message.setProperties(properties);
        client.publish("sensors", message);
      }
      client.disconnect();
    } finally {
      client.close();
    }
  }

  private static String row(long id) {
    return "{\"id\": %d, \"text\": \"text of %d\"}".formatted(id, id);
  }

  private long count() {
    return Long.parseLong(home.rows(FLOW, "count()").get(0));
  }

  private void assertWhole(long rows) {
    assertThat(
            home.rows(FLOW, "count(), uniqExact(id), sum(id), countIf(text != 'text of ' || id)"))
        .containsExactly("%d\t%d\t%d\t0".formatted(rows, rows, rows * (rows - 1) / 2));
  }

  @Test
  void aConsumerThatAcknowledgesBeforehandIsRefused() {
    flow("?qos=1");
    try (Application application = home.start(true)) {
      assertThat(application.holds())
          .extracting(FlowHold::reason)
          .singleElement()
          .asString()
          .contains("ACKNOWLEDGED_TOO_EARLY");
    }
  }

  @Test
  void whatIsPublishedWhileTheFlowIsHeldArrivesAfterwards() throws Exception {
    home.set("waybill.spool.max-bytes", "2KB");
    home.flowFrom(FLOW, "paho-mqtt5:sensors" + SAFE, "batchInterval=3s");
    try (Application application = home.start(false)) {
      publish(0, 200);
      await("a hold", () -> !application.holds().isEmpty());
      await("all rows", () -> count() == 200);
    }
    assertWhole(200);
  }
}
