package io.waybill.road;

import io.waybill.testing.BrokerProcess;
import io.waybill.testing.TestPostgres;
import io.waybill.testing.TestS3;
import io.waybill.testing.TestSftp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** A real source of rows {@code id, n, text} that can be killed; a bad row is one whose n is x. */
abstract class KillableSource implements AutoCloseable {
  private static final int PARTS = 5;
  private static final int UNACKNOWLEDGED = 200;
  private final int badEvery;

  private KillableSource(int badEvery) {
    this.badEvery = badEvery;
  }

  /** What there is. */
  enum Kind {
    S3 {
      @Override
      KillableSource start(Path folder, int badEvery) {
        return new Objects(folder, badEvery);
      }
    },
    SFTP {
      @Override
      KillableSource start(Path folder, int badEvery) throws IOException {
        return new Remote(folder, badEvery);
      }
    },
    SQL {
      @Override
      KillableSource start(Path folder, int badEvery) throws IOException {
        return new Table(folder, badEvery);
      }
    },
    MQTT {
      @Override
      KillableSource start(Path folder, int badEvery) throws IOException {
        return new Topic(folder, badEvery);
      }
    };

    /** Starts one, in which the second of so many rows is bad. */
    abstract KillableSource start(Path folder, int badEvery) throws IOException;
  }

  /** Sets what a home needs to reach it. */
  void configure(RoadHome home) {}

  /** A flow from it. */
  abstract String route(String target);

  /** Has rows with these ids to give. */
  abstract void offer(long from, long to) throws Exception;

  /** Dies with kill -9, or breaks all connections off. */
  abstract void breakOff() throws Exception;

  /** Is back with what it had. */
  abstract void restart() throws Exception;

  @Override
  public abstract void close();

  String n(long id) {
    return id % badEvery == 1 ? "x" : Long.toString(id % 1000);
  }

  private String csv(long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(id -> "%d,%s,text of %d".formatted(id, n(id), id))
        .collect(Collectors.joining("\n", "id,n,text\n", "\n"));
  }

  /** Files of CSV. */
  private abstract static class FileSource extends KillableSource {
    FileSource(int badEvery) {
      super(badEvery);
    }

    @Override
    void offer(long from, long to) throws IOException {
      for (int part = 0; part < PARTS; part++) {
        long begin = from + part * (to - from) / PARTS;
        long end = from + (part + 1) * (to - from) / PARTS;
        put(begin + ".csv", super.csv(begin, end));
      }
    }

    abstract void put(String name, String csv) throws IOException;
  }

  private static final class Objects extends FileSource {
    private static final String BUCKET = "inbox";
    private final TestS3 s3;

    Objects(Path folder, int badEvery) {
      super(badEvery);
      s3 = TestS3.start(folder);
      s3.client().createBucket(request -> request.bucket(BUCKET));
    }

    @Override
    String route(String target) {
      return """
      - route:
          id: faults
          from:
            uri: aws2-s3:inbox
            parameters:
              accessKey: %s
              secretKey: %s
              region: us-east-1
              overrideEndpoint: true
              uriEndpointOverride: %s
              forcePathStyle: true
              deleteAfterRead: true
              initialDelay: 0
              delay: 100
            steps:
              - to: %s
      """
          .formatted(TestS3.ACCESS_KEY, TestS3.SECRET_KEY, s3.url(), target);
    }

    @Override
    void put(String name, String csv) {
      s3.put(BUCKET, name, csv);
    }

    @Override
    void breakOff() {
      s3.kill9();
    }

    @Override
    void restart() {
      s3.restart();
    }

    @Override
    public void close() {
      s3.close();
    }
  }

  private static final class Remote extends FileSource {
    private final Path folder;
    private final TestSftp sftp;

    Remote(Path folder, int badEvery) throws IOException {
      super(badEvery);
      this.folder = folder;
      Files.createDirectories(folder.resolve("root/in"));
      sftp = TestSftp.start(folder.resolve("root"), folder.resolve("host.key"));
    }

    @Override
    String route(String target) {
      return """
      - route:
          id: faults
          from:
            uri: sftp:127.0.0.1:%d/in
            parameters:
              username: %s
              password: %s
              strictHostKeyChecking: "no"
              useUserKnownHostsFile: false
              streamDownload: true
              stepwise: false
              delete: true
              reconnectDelay: 100
              initialDelay: 0
              delay: 100
            steps:
              - to: %s
      """
          .formatted(sftp.port(), TestSftp.USER, TestSftp.PASSWORD, target);
    }

    @Override
    void put(String name, String csv) throws IOException {
      Path written = Files.writeString(folder.resolve(name), csv);
      Files.move(written, folder.resolve("root/in").resolve(name));
    }

    @Override
    void breakOff() {
      sftp.breakOff();
    }

    @Override
    void restart() {
      sftp.restart();
    }

    @Override
    public void close() {
      sftp.close();
    }
  }

  private static final class Table extends KillableSource {
    private final TestPostgres postgres;

    Table(Path folder, int badEvery) {
      super(badEvery);
      postgres = TestPostgres.start(folder.resolve("postgres"));
      postgres.execute(
          "CREATE TABLE orders (key bigint PRIMARY KEY, id bigint, n text, text text)");
    }

    @Override
    void configure(RoadHome home) {
      home.set("waybill.connections.shop.url", postgres.url())
          .set("waybill.connections.shop.user", TestPostgres.USER)
          .set("waybill.once.idle", "2s"); // a timer's thread may be slow to start
    }

    @Override
    String route(String target) {
      return """
      - route:
          id: faults
          from:
            uri: "timer:extract?period=100&delay=0&repeatCount={{faults.extracts}}"
            steps:
              - to: "sql:SELECT key, id, n, text FROM orders WHERE key > :#CamelWaybillCheckpoint ORDER BY key?dataSource=#shop&outputType=StreamList"
              - to: %s&key=key&keyStart=0&unknownFields=skip
      """
          .formatted(target);
    }

    @Override
    void offer(long from, long to) {
      postgres.execute(
          """
          INSERT INTO orders SELECT id + 1, id,
            CASE WHEN id %% %d = 1 THEN 'x' ELSE (id %% 1000)::text END, 'text of ' || id
          FROM generate_series(%d, %d) AS id"""
              .formatted(super.badEvery, from, to - 1));
    }

    @Override
    void breakOff() {
      postgres.kill();
    }

    @Override
    void restart() {
      postgres.restart();
    }

    @Override
    public void close() {
      postgres.close();
    }
  }

  private static final class Topic extends KillableSource {
    private final BrokerProcess broker;

    Topic(Path folder, int badEvery) throws IOException {
      super(badEvery);
      broker = BrokerProcess.start(folder);
    }

    @Override
    void configure(RoadHome home) {
      home.set("camel.component.paho-mqtt5.broker-url", broker.url())
          .set("waybill.once.idle", "4s"); // until it offers again what the killed one had
    }

    @Override
    String route(String target) {
      return """
      - route:
          id: faults
          from:
            uri: paho-mqtt5:sensors?manualAcksEnabled=true&cleanStart=false&sessionExpiryInterval=86400&qos=1&clientId=waybill-test
            steps:
              - to: %s&batchInterval=100ms
      """
          .formatted(target);
    }

    @Override
    void offer(long from, long to) throws MqttException {
      MqttAsyncClient client = new MqttAsyncClient(broker.url(), "sender", new MemoryPersistence());
      try {
        client.connect().waitForCompletion();
        Deque<IMqttToken> sent = new ArrayDeque<>();
        for (long id = from; id < to; id++) {
          sent.add(client.publish("sensors", message(id)));
          if (sent.size() > UNACKNOWLEDGED) {
            sent.remove().waitForCompletion();
          }
        }
        for (IMqttToken each : sent) {
          each.waitForCompletion();
        }
        client.disconnect().waitForCompletion();
      } finally {
        client.close();
      }
    }

    private MqttMessage message(long id) {
      String text = "{\"id\": %d, \"n\": \"%s\", \"text\": \"text of %d\"}";
      MqttMessage message =
          new MqttMessage(text.formatted(id, n(id), id).getBytes(StandardCharsets.UTF_8));
      message.setQos(1);
      MqttProperties properties = new MqttProperties();
      properties.setUserProperties(List.of(new UserProperty("Idempotency-Key", "row-" + id)));
      message.setProperties(properties);
      return message;
    }

    @Override
    void breakOff() {
      broker.kill9();
    }

    @Override
    void restart() throws IOException {
      broker.restart();
    }

    @Override
    public void close() {
      broker.close();
    }
  }
}
