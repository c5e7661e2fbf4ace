package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.camel.FlowHold;
import io.waybill.testing.TestArtemis;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that come by AMQP 1.0, of a real broker. */
final class AmqpIT {
  private static final String FLOW = "amqp";
  private static final String QUEUE = "in";
  private static final int MANY = 2000;
  private static final int KILLS = 2;
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
            .set(
                "camel.component.amqp.connection-factory",
                "#class:org.apache.qpid.jms.JmsConnectionFactory")
            .set("camel.component.amqp.connection-factory.remoteURI", url());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private String url() {
    return broker.url().replace("tcp:", "amqp:");
  }

  private void flow(String consumer) {
    home.flowFrom(FLOW, "amqp:queue:in" + consumer, "batchInterval=100ms&batchRows=500");
  }

  private void send(Stream<String> texts) throws JMSException {
    try (Connection connection = new JmsConnectionFactory(url()).createConnection();
        Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
      MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
      for (String text : (Iterable<String>) texts::iterator) {
        producer.send(session.createTextMessage(text));
      }
      session.commit();
    }
  }

  private static String row(long id) {
    return "{\"id\": %d, \"text\": \"text of %d\"}".formatted(id, id);
  }

  @Test
  void aConsumerThatAcknowledgesBeforehandIsRefused() throws Exception {
    flow("");
    send(Stream.of(row(1)));
    try (Application application = home.start(true)) {
      assertThat(application.holds())
          .extracting(FlowHold::reason)
          .singleElement()
          .asString()
          .contains("ACKNOWLEDGED_TOO_EARLY");
    }
    assertThat(broker.waiting(QUEUE)).isEqualTo(1);
  }

  @Test
  void killedWithMessagesEachArrivesOnceOrIsADeadLetter() throws Exception {
    flow(
        "?transacted=true&lazyCreateTransactionManager=false&cacheLevelName=CACHE_CONSUMER"
            + "&concurrentConsumers=10");
    send(LongStream.range(0, MANY).mapToObj(id -> id % 100 == 7 ? "no row " + id : row(id)));
    for (int i = 1; i <= KILLS; i++) {
      long left = MANY - (long) i * MANY / (KILLS + 1);
      try (Child child = home.child()) {
        Awaitility.await("only %d left".formatted(left))
            .atMost(PATIENCE)
            .until(() -> broker.waiting(QUEUE) <= left || !child.isAlive());
        assertThat(child.isAlive()).as(child.output()).isTrue();
        child.kill9();
      }
    }
    home.set("waybill.once.idle", "4s"); // until the broker offers again what the killed one had
    try (Child child = home.child("--once")) {
      assertThat(child.exitCode()).as(child.output()).isBetween(0, 1);
    }
    assertThat(broker.waiting(QUEUE)).isZero();
    long bad = MANY / 100;
    assertThat(
            home.rows(
                FLOW,
                "count(), uniqExact(id), countIf(id % 100 = 7), countIf(text != 'text of ' || id)"))
        .containsExactly("%d\t%d\t0\t0".formatted(MANY - bad, MANY - bad));
    assertThat(home.letters()).hasSize((int) bad);
    Carried.assertPapers(home);
  }
}
