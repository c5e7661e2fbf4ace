package io.waybill.testing;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A real Artemis broker with a journal on disk, for JMS, AMQP and MQTT. */
public final class TestArtemis implements AutoCloseable {
  private static final int IN_ONE_TRANSACTION = 10_000;
  private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
  private final String url;

  private TestArtemis(Path folder, int port) throws Exception {
    url = "tcp://127.0.0.1:" + port;
    ConfigurationImpl configuration = new ConfigurationImpl();
    configuration
        .setSecurityEnabled(false)
        .setJMXManagementEnabled(false)
        .setBindingsDirectory(folder.resolve("bindings").toString())
        .setJournalDirectory(folder.resolve("journal").toString())
        .setLargeMessagesDirectory(folder.resolve("large").toString())
        .setPagingDirectory(folder.resolve("paging").toString())
        .addAcceptorConfiguration("tcp", url);
    // a message that a killed consumer had is offered again however often that happens
    configuration.addAddressSetting(
        "#", new AddressSettings().setMaxDeliveryAttempts(-1).setMaxSizeBytes(64L << 20));
    broker.setConfiguration(configuration).start();
  }

  /** Starts one. */
  public static TestArtemis start(Path folder) throws Exception {
    return start(folder, freePort());
  }

  /** Starts one at a port, on what another one left in the folder. */
  public static TestArtemis start(Path folder, int port) throws Exception {
    return new TestArtemis(folder, port);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Where it is. */
  public String url() {
    return url;
  }

  /** Sends persistent text messages. */
  public void send(String queue, Stream<String> texts) throws JMSException {
    send(url, queue, texts);
  }

  /** Sends persistent text messages to a broker. */
  public static void send(String url, String queue, Stream<String> texts) throws JMSException {
    try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
        Connection connection = factory.createConnection();
        Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
      MessageProducer producer = session.createProducer(session.createQueue(queue));
      int sent = 0;
      for (String text : (Iterable<String>) texts::iterator) {
        producer.send(session.createTextMessage(text));
        if (++sent % IN_ONE_TRANSACTION == 0) {
          session.commit();
        }
      }
      session.commit();
    }
  }

  /** How many messages nobody has acknowledged. */
  public long waiting(String queue) {
    return broker.getActiveMQServer().locateQueue(queue).getMessageCount();
  }

  @Override
  public void close() {
    try {
      broker.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
