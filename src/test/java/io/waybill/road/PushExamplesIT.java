package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.clickhouse.TableDdl;
import io.waybill.testing.TestArtemis;
import io.waybill.testing.TestPostgres;
import io.waybill.testing.TestS3;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples for brokers, HTTP, S3 and changes, as they are shipped, with real servers. */
class PushExamplesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int MESSAGES = 50;
  @TempDir Path folder;
  @TempDir Path data;
  private RoadHome home;

  @BeforeEach
  void home() {
    home = RoadHome.in(folder);
  }

  private void example(String name) throws IOException {
    home.route(name, Files.readString(Path.of("routes/examples", name + ".camel.yaml")));
  }

  private static String row(int id) {
    return "{\"id\": %d, \"text\": \"text of %d\"}".formatted(id, id);
  }

  private void assertArrives(Application application, String table, int rows, String condition) {
    assertThat(application.problems()).isEmpty();
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(application.holds()).isEmpty();
              assertThat(home.hasTable(table)).isTrue();
              assertThat(home.rows(table, "count(), uniqExact(id), countIf(" + condition + ")"))
                  .containsExactly("%1$d\t%1$d\t%1$d".formatted(rows));
            });
  }

  @Test
  void jms() throws Exception {
    try (TestArtemis broker = TestArtemis.start(data)) {
      home.set(
              "camel.component.jms.connection-factory",
              "#class:org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory")
          .set("camel.component.jms.connection-factory.brokerURL", broker.url())
          .set("orders.table", home.database() + ".orders");
      example("jms");
      broker.send("orders", IntStream.range(0, MESSAGES).mapToObj(PushExamplesIT::row));
      try (Application application = home.start(false)) {
        assertArrives(application, "orders", MESSAGES, "text = 'text of ' || id");
        Awaitility.await().atMost(PATIENCE).until(() -> broker.waiting("orders") == 0);
      }
    }
  }

  @Test
  void amqp() throws Exception {
    try (TestArtemis broker = TestArtemis.start(data)) {
      home.set(
              "camel.component.amqp.connection-factory",
              "#class:org.apache.qpid.jms.JmsConnectionFactory")
          .set(
              "camel.component.amqp.connection-factory.remoteURI",
              broker.url().replace("tcp:", "amqp:"))
          .set("orders.table", home.database() + ".orders");
      example("amqp");
      broker.send("orders", IntStream.range(0, MESSAGES).mapToObj(PushExamplesIT::row));
      try (Application application = home.start(false)) {
        assertArrives(application, "orders", MESSAGES, "text = 'text of ' || id");
        Awaitility.await().atMost(PATIENCE).until(() -> broker.waiting("orders") == 0);
      }
    }
  }

  @Test
  void mqtt() throws Exception {
    try (TestArtemis broker = TestArtemis.start(data)) {
      home.set("camel.component.paho-mqtt5.broker-url", broker.url())
          .set("readings.table", home.database() + ".readings");
      example("mqtt");
      try (Application application = home.start(false)) {
        assertThat(application.problems()).isEmpty();
        MqttClient sender = new MqttClient(broker.url(), "sender", new MemoryPersistence());
        sender.connect();
        for (int id = 0; id < MESSAGES; id++) {
          String text = "{\"id\": %d, \"sensor\": \"s%d\"}".formatted(id, id);
          MqttMessage message = new MqttMessage(text.getBytes(StandardCharsets.UTF_8));
          message.setQos(1);
          sender.publish("readings", message);
        }
        sender.disconnect();
        sender.close();
        assertArrives(application, "readings", MESSAGES, "sensor = 's' || id");
      }
    }
  }

  @Test
  void http() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    home.set("waybill.http.port", Integer.toString(port))
        .set("orders.table", home.database() + ".orders");
    example("http");
    try (Application application = home.start(false)) {
      HttpClient client = HttpClient.newHttpClient();
      for (int id = 0; id < MESSAGES; id++) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "order-" + id)
                .POST(BodyPublishers.ofString(row(id)))
                .build();
        for (int status : new int[] {202, 200}) { // stored, and then known
          var answer = client.send(request, BodyHandlers.ofString());
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        }
      }
      assertArrives(application, "orders", MESSAGES, "text = 'text of ' || id");
    }
  }

  @Test
  void s3() throws Exception {
    try (TestS3 store = TestS3.start(data)) {
      store.client().createBucket(request -> request.bucket("orders"));
      store.put("orders", "out/a.csv", "id,text\n0,text of 0\n1,text of 1\n");
      store.put("orders", "out/b.ndjson", row(2) + "\n");
      store.put("orders", "elsewhere.csv", "id,text\n9,nine\n");
      home.set("s3.endpoint", store.url())
          .set("s3.accessKey", TestS3.ACCESS_KEY)
          .set("s3.secretKey", TestS3.SECRET_KEY)
          .set("s3.table", home.database() + ".orders");
      example("s3");
      try (Application application = home.start(false)) {
        assertArrives(application, "orders", 3, "text = 'text of ' || id");
      }
      assertThat(store.keys("orders")).contains("elsewhere.csv", "out/a.csv", "out/b.ndjson");
    }
  }

  @Test
  void cdcPostgres() throws Exception {
    try (TestPostgres postgres = TestPostgres.start(data)) {
      postgres.execute(
          "CREATE TABLE orders (id bigint PRIMARY KEY, customer text, amount numeric(18, 2), changed_at timestamptz)",
          "INSERT INTO orders SELECT n, 'c' || n, n, now() FROM generate_series(1, 20) AS n",
          "CREATE PUBLICATION waybill_orders FOR TABLE public.orders");
      home.query(
          """
          CREATE TABLE %s.orders (id Int64, customer String, amount Decimal(18, 2),
            changed_at DateTime64(6, 'UTC'), _version UInt64, _deleted UInt8, %s)
          ENGINE = ReplacingMergeTree(_version, _deleted) ORDER BY id
          SETTINGS non_replicated_deduplication_window = 10000"""
              .formatted(home.database(), TableDdl.provenanceColumn()));
      home.set("shop.port", Integer.toString(postgres.port()))
          .set("shop.database", "postgres")
          .set("shop.user", TestPostgres.USER)
          .set("shop.password", "none")
          .set("shop.target", home.database() + ".orders");
      example("cdc-postgres");
      try (Application application = home.start(false)) {
        assertThat(application.problems()).isEmpty();
        awaitState(20, 210);
        postgres.execute(
            "UPDATE orders SET amount = 100 WHERE id = 1", "DELETE FROM orders WHERE id = 2");
        awaitState(19, 210 - 1 + 100 - 2);
        assertThat(application.holds()).isEmpty();
      }
    }
  }

  private void awaitState(int rows, int amount) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        home.query(
                            "SELECT count(), toInt64(sum(amount)) FROM %s.orders FINAL"
                                .formatted(home.database())))
                    .isEqualTo("%d\t%d".formatted(rows, amount)));
  }
}
