package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestSftp;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a real SFTP server. */
class SftpIT {
  private static final String FLOW = "remote";
  private static final int MANY = 400_000;
  @TempDir Path folder;
  @TempDir Path remote;
  @TempDir Path keys;
  private RoadHome home;
  private TestSftp sftp;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(remote.resolve("in"));
    sftp = TestSftp.start(remote, keys.resolve("host.key"));
    home = RoadHome.in(folder).table(FLOW, "id UInt64, text String");
  }

  @AfterEach
  void stop() {
    sftp.close();
  }

  private void flow(String options) {
    home.route(
        FLOW,
        """
        - route:
            id: remote
            from:
              uri: sftp:127.0.0.1:%d/in
              parameters:
                username: %s
                password: %s
                strictHostKeyChecking: "no"
                useUserKnownHostsFile: false
                reconnectDelay: 100
                initialDelay: 0
                delay: 100
                %s
              steps:
                - to: %s
        """
            .formatted(
                sftp.port(),
                TestSftp.USER,
                TestSftp.PASSWORD,
                options.replace("WORK", folder.resolve("work").toString()),
                home.target(FLOW, "batchRows=5000")));
  }

  private void put(String name, int from, int to) throws IOException {
    Path file = remote.resolve("in").resolve(name);
    try (Writer out =
        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      if (from == 0) {
        out.write("id,text\n");
      }
      for (int id = from; id < to; id++) {
        out.write(id + ",text of row " + id + "\n");
      }
    }
  }

  private void once() {
    RoadHome.Ended ended = home.once();
    assertThat(ended.problems()).isEmpty();
    assertThat(ended.holds()).isEmpty();
  }

  private void assertRows(int count) {
    assertThat(
            home.rows(
                FLOW,
                "count(), uniqExact(id), max(id), countIf(text = concat('text of row ', toString(id)))"))
        .containsExactly("%1$d\t%1$d\t%2$d\t%1$d".formatted(count, count - 1));
    Carried.assertPapers(home);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "noop: true",
        "noop: true\n        streamDownload: true\n        stepwise: false",
        "noop: true\n        localWorkDirectory: WORK"
      })
  void arriveOnceAndGrownOnesDeliverTheirTail(String options) throws IOException {
    flow(options);
    put("a.csv", 0, 12_000);
    once();
    assertRows(12_000);
    once();
    assertRows(12_000);
    put("a.csv", 12_000, 13_000);
    once();
    assertRows(13_000);
    assertThat(home.files("data/spool/" + FLOW)).isEmpty();
  }

  @Test
  void outliveAKillOfWaybill() throws IOException {
    flow("delete: true\n        streamDownload: true\n        stepwise: false");
    put("a.csv", 0, MANY);
    try (Child child = home.child()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> home.batches().size() >= 10 || !child.isAlive());
      assertThat(child.isAlive()).as(child.output()).isTrue();
      child.kill9();
    }
    assertThat(home.states(FLOW)).doesNotContain("completed");
    once();
    assertRows(MANY);
    assertThat(remote.resolve("in")).isEmptyDirectory();
    assertThat(home.files("data/spool/" + FLOW)).isEmpty();
  }

  @Test
  void outliveAServerThatBreaksOffInMidTransfer() throws Exception {
    flow("delete: true\n        streamDownload: true\n        stepwise: false");
    put("a.csv", 0, 4 * MANY);
    try (var application = home.start(false)) {
      for (int i = 0; i < 3; i++) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> spooling() || isEmpty());
        sftp.breakOff();
        sftp.restart();
      }
      Awaitility.await().atMost(Duration.ofMinutes(2)).until(this::isEmpty);
      assertThat(application.holds()).isEmpty();
    }
    assertRows(4 * MANY);
    assertThat(home.states(FLOW)).containsExactly("completed");
  }

  private boolean isEmpty() throws IOException {
    try (var files = Files.list(remote.resolve("in"))) {
      return files.findAny().isEmpty();
    }
  }

  private boolean spooling() {
    return home.files("data/spool/" + FLOW).stream().anyMatch(name -> name.startsWith("part-"));
  }
}
