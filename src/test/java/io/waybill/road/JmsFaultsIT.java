package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.BrokerProcess;
import io.waybill.testing.TestArtemis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages of a broker that is killed as well as Waybill is, poison among them. A million of them:
 * {@code -Dwaybill.test.messages=1000000 -Dwaybill.test.broker-kills=20}.
 */
final class JmsFaultsIT {
  private static final String FLOW = "faults";
  private static final int MESSAGES = Integer.getInteger("waybill.test.messages", 6000);
  private static final int KILLS = Integer.getInteger("waybill.test.broker-kills", 4);
  private static final int POISON_EVERY = MESSAGES / 20;
  private static final Duration PATIENCE = Duration.ofSeconds(Math.max(120, MESSAGES / 200));
  @TempDir Path folder;
  @TempDir Path brokerFolder;
  private RoadHome home;

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private static String message(long id) {
    return id % POISON_EVERY == 1
        ? "poison " + id
        : "{\"id\": %d, \"text\": \"text of %d\"}".formatted(id, id);
  }

  private long count() {
    return Long.parseLong(home.rows(FLOW, "count()").get(0));
  }

  @Test
  void eachMessageArrivesOnceOrIsADeadLetterWhoeverIsKilled() throws Exception {
    long seed = Long.getLong("waybill.test.seed", new Random().nextLong());
    System.out.println("JmsFaultsIT: seed " + seed);
    Random random = new Random(seed);
    try (BrokerProcess broker = BrokerProcess.start(brokerFolder)) {
      home =
          RoadHome.in(folder)
              .table(FLOW, "id UInt64, text String")
              .set(
                  "camel.component.jms.connection-factory",
                  "#class:org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory")
              .set("camel.component.jms.connection-factory.brokerURL", broker.url())
              .flowFrom(
                  FLOW,
                  "jms:queue:in?transacted=true&lazyCreateTransactionManager=false&cacheLevelName=CACHE_CONSUMER"
                      + "&concurrentConsumers=20&recoveryInterval=300",
                  "batchInterval=100ms&batchRows=" + Math.max(400, MESSAGES / 400));
      TestArtemis.send(
          broker.url(), "in", LongStream.range(0, MESSAGES).mapToObj(JmsFaultsIT::message));
      Child child = home.child();
      try {
        for (int kill = 1; kill <= KILLS; kill++) {
          child = killed(child, broker, kill, random);
        }
        long good = MESSAGES - 20L;
        await("%d rows".formatted(good), () -> count() >= good);
      } catch (ConditionTimeoutException e) {
        throw new AssertionError(
            "%d rows are there, %d letters, holds %s, spool %s; %s"
                .formatted(
                    count(),
                    home.letters().size(),
                    home.flow(FLOW).hold(),
                    home.files("data/spool/" + FLOW),
                    child.output()),
            e);
      } finally {
        child.kill9();
      }
      home.set("waybill.once.idle", "4s"); // until the broker offers again what the killed one had
      try (Child last = home.child("--once")) {
        assertThat(last.exitCode()).as(last.output()).isBetween(0, 1);
      }
    }
    assertWhole();
  }

  /** Kills the broker or Waybill, or both, when a part has arrived; who serves then. */
  private Child killed(Child child, BrokerProcess broker, int kill, Random random)
      throws Exception {
    long arrived = (long) kill * MESSAGES / (KILLS + 2) + random.nextInt(MESSAGES / 50);
    await("%d rows".formatted(arrived), () -> count() >= arrived || !child.isAlive());
    assertThat(child.isAlive()).as(child.output()).isTrue();
    boolean brokerDies = kill % 2 == 1 || random.nextBoolean();
    if (brokerDies) {
      broker.kill9();
    }
    Child serving = child;
    if (kill % 2 == 0) {
      child.kill9();
      serving = home.child();
    }
    if (brokerDies) {
      broker.restart();
    }
    return serving;
  }

  private void assertWhole() {
    long good = MESSAGES - 20L;
    assertThat(
            home.rows(
                FLOW,
                "count(), uniqExact(id), countIf(id %% %d = 1), countIf(text != 'text of ' || id)"
                    .formatted(POISON_EVERY)))
        .containsExactly("%d\t%d\t0\t0".formatted(good, good));
    assertThat(home.letters()).hasSize(20);
    Carried.assertPapers(home);
    assertThat(home.files("data/spool/" + FLOW)).noneMatch(file -> file.startsWith("messages-"));
  }
}
