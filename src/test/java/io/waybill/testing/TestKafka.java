package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/** A real Kafka broker of one node, in a process of its own that can be killed. */
public final class TestKafka implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private final Path folder;
  private final int port;
  private final String cluster = Uuid.randomUuid().toString();
  private Process process;
  private Admin admin;

  private TestKafka(Path folder) {
    this.folder = folder;
    this.port = freePort();
    write(folder, port, freePort());
    restart();
  }

  /** Starts one with its data in this folder. */
  public static TestKafka start(Path folder) {
    return new TestKafka(folder);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path folder, int port, int controller) {
    String text =
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        controller.listener.names=CONTROLLER
        inter.broker.listener.name=PLAINTEXT
        log.dirs=%3$s
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=1
        group.initial.rebalance.delay.ms=0
        group.min.session.timeout.ms=1000
        log.cleaner.backoff.ms=200
        log.retention.check.interval.ms=500
        """
            .formatted(port, controller, folder.resolve("log"));
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("server.properties"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is. */
  public String brokers() {
    return "127.0.0.1:" + port;
  }

  /** Starts it again where it was killed; returns when it answers. */
  public void restart() {
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xmx256m",
                      "-XX:+UseSerialGC",
                      "-XX:TieredStopAtLevel=1",
                      "-cp",
                      System.getProperty("java.class.path"),
                      KafkaMain.class.getName(),
                      folder.resolve("server.properties").toString(),
                      cluster))
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("broker.out").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (admin == null) {
      admin = Admin.create(Map.of("bootstrap.servers", brokers()));
    }
    Awaitility.await("an answer of the broker")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              admin.describeCluster().nodes().get(2, TimeUnit.SECONDS);
              return true;
            });
  }

  /** SIGKILL; returns when it is dead. */
  public void kill9() {
    process.destroyForcibly();
    Awaitility.await("death of the broker").atMost(PATIENCE).until(() -> !process.isAlive());
  }

  /** The cluster's administration. */
  public Admin admin() {
    return admin;
  }

  /** Makes a topic; returns when all of it is known. */
  public TestKafka topic(String name, int partitions, Map<String, String> configuration) {
    done(
        admin
            .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configuration)))
            .all());
    Awaitility.await("topic " + name)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> end(name, partitions - 1) == 0);
    return this;
  }

  public TestKafka delete(String topic) {
    return done(admin.deleteTopics(List.of(topic)).all());
  }

  /** Gives a topic more partitions. */
  public TestKafka partitions(String topic, int count) {
    return done(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(count))).all());
  }

  private TestKafka done(org.apache.kafka.common.KafkaFuture<?> future) {
    get(future);
    return this;
  }

  private static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A producer of text; idempotent, and with a transactional id if one is given. */
  public KafkaProducer<String, String> producer(String transactional) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", brokers());
    properties.put("linger.ms", "5");
    if (!transactional.isEmpty()) {
      properties.put("transactional.id", transactional);
    }
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  /** Sends values without keys, to all partitions in turn; returns when all are there. */
  public void send(String topic, Stream<String> values) {
    int partitions =
        get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size();
    try (KafkaProducer<String, String> producer = producer("")) {
      int[] next = {0};
      List<Future<?>> sent = new ArrayList<>();
      values.forEach(
          value ->
              sent.add(
                  producer.send(new ProducerRecord<>(topic, next[0]++ % partitions, null, value))));
      producer.flush();
    }
  }

  /** The group's offset; -1 if there is none. */
  public long committed(String group, String topic, int partition) {
    OffsetAndMetadata offset =
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .get(new TopicPartition(topic, partition));
    return offset == null ? -1 : offset.offset();
  }

  /** Sets the group's offset, as an operator does. */
  public void setOffset(String group, String topic, int partition, long offset) {
    done(
        admin
            .alterConsumerGroupOffsets(
                group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
            .all());
  }

  /** Behind the last record. */
  public long end(String topic, int partition) {
    TopicPartition one = new TopicPartition(topic, partition);
    return get(admin.listOffsets(Map.of(one, OffsetSpec.latest())).all()).get(one).offset();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
    process.destroyForcibly();
  }
}
