package io.waybill.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryLauncherIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path home;

  @Test
  void startsTheServerAndStopsItWithSigterm() throws IOException {
    Path binary = StandInClickHouse.install(home);
    Path data = home.resolve("data");
    long pid;
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(with(binary, data))) {
      pid = server.pid();
      assertThat(server.isRunning()).isTrue();
      assertThat(data.resolve("config/users.xml")).content().doesNotContain("no_password");
    }
    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(data.resolve("config/stopped-by-sigterm")).exists();
  }

  @Test
  void endsTheServerWhenItsParentIsKilled() throws Exception {
    Path binary = StandInClickHouse.install(home);
    Path data = home.resolve("data");
    Process owner = OwnerMain.start(data, binary.toString());
    try {
      long pid =
          await()
              .atMost(PATIENCE)
              .until(() -> RunningServer.find(data), Optional::isPresent)
              .orElseThrow()
              .pid();

      owner.destroyForcibly().waitFor();

      await().atMost(PATIENCE).until(() -> ProcessHandle.of(pid).isEmpty());
      assertThat(data.resolve("config/stopped-by-sigterm")).exists();
    } finally {
      owner.destroyForcibly();
    }
  }

  @Test
  void givesUpWithAReasonWhenTheServerDoesNotComeBack() throws IOException {
    Path binary = StandInClickHouse.install(home);
    try (EmbeddedClickHouse server =
        EmbeddedClickHouse.start(with(binary, home.resolve("data")).withMaxQuickDeaths(3))) {
      assertThat(server.failure()).isEmpty();
      Scripts.write(binary, "echo no more; exit 3");
      ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);

      await().atMost(PATIENCE).until(() -> server.failure().isPresent());

      assertThat(server.isRunning()).isFalse();
      assertThat(server.failure().orElseThrow())
          .contains("it ended 4 times shortly after its start, last with exit code 3")
          .contains("clickhouse.log");
      assertThat(Files.readString(home.resolve("data/clickhouse.log"))).contains("no more");
    }
  }

  @Test
  void saysWhichBinaryIsNotThere() {
    Path missing = home.resolve("clickhouse");
    assertThatThrownBy(() -> EmbeddedClickHouse.start(with(missing, home.resolve("data"))))
        .isInstanceOf(EmbeddedClickHouseException.class)
        .hasMessageContaining("'" + missing + "', which waybill.clickhouse.binary names");
  }

  @Test
  void killsAServerThatDoesNotAnswerInTime() throws IOException {
    Path binary = Scripts.write(home.resolve("clickhouse"), "echo thinking; exec sleep 600");
    EmbeddedSettings settings =
        with(binary, home.resolve("data")).withStartTimeout(Duration.ofSeconds(1));
    assertThatThrownBy(() -> EmbeddedClickHouse.start(settings))
        .isInstanceOf(EmbeddedClickHouseException.class)
        .hasMessageContaining("did not answer")
        .hasMessageContaining("within 1 s")
        .hasMessageContaining("thinking");
  }

  private static EmbeddedSettings with(Path binary, Path data) {
    return EmbeddedSettings.in(data).withBinary(binary.toString());
  }
}
