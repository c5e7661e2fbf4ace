package io.waybill.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waybill.testing.ClickHouseHttp;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedOwnershipIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path home;

  @Test
  void leavesANoteForItsOwnUserOnlyAndTakesItAwayAtTheEnd() throws IOException {
    Path folder = home.resolve("data/clickhouse");
    ServerAddress address;
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(EmbeddedSettings.in(folder))) {
      address = server.address();
      assertThat(RunningServer.find(folder)).contains(address);
      assertThat(permissions(folder)).isEqualTo("rwx------");
      assertThat(permissions(folder.resolve("server.properties"))).isEqualTo("rw-------");
      assertThat(permissions(folder.resolve("config/users.xml"))).isEqualTo("rw-------");
      assertThat(folder.resolve("config/users.xml")).content().doesNotContain(server.password());
      assertThat(address.toString()).doesNotContain(server.password());
    }
    assertThat(folder.resolve("server.properties")).doesNotExist();
    assertThat(ProcessHandle.of(address.pid())).isEmpty();
    assertThat(RunningServer.find(folder)).isEmpty();
  }

  @Test
  void isStillThereAfterACleanStopAndACleanStart() {
    EmbeddedSettings settings = EmbeddedSettings.in(home);
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(settings)) {
      query(server, "CREATE DATABASE kept");
      query(server, "CREATE TABLE kept.t (a UInt8) ENGINE = MergeTree ORDER BY a");
      query(server, "INSERT INTO kept.t VALUES (7)");
      query(server, "SYSTEM FLUSH LOGS");
    }
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(settings)) {
      assertThat(query(server, "SELECT a FROM kept.t")).isEqualTo("7");
    }
  }

  @Test
  void doesNotTakeTheNoteOfADeadServerForARunningOne() throws IOException {
    RunningServer.write(
        home, new ServerAddress("http://127.0.0.1:1", "waybill", "gone", 1, 999_999_999, 1));
    assertThat(RunningServer.find(home)).isEmpty();
    Files.writeString(home.resolve("server.properties"), "port=half a no");
    assertThat(RunningServer.find(home)).isEmpty();
  }

  @Test
  void refusesASecondOwnerInThisProcess() {
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(EmbeddedSettings.in(home))) {
      assertThatThrownBy(() -> EmbeddedClickHouse.start(EmbeddedSettings.in(home)))
          .isInstanceOf(EmbeddedClickHouseException.class)
          .hasMessageContaining("already run by process " + ProcessHandle.current().pid());
      assertThat(server.isRunning()).isTrue();
    }
  }

  @Test
  void refusesASecondOwnerInAnotherProcessAndEndsWithItsParentEvenWhenThatIsKilled()
      throws Exception {
    Process owner = OwnerMain.start(home);
    try {
      ServerAddress address = awaitServer();
      assertThat(address.ownerPid()).isEqualTo(owner.pid());
      assertThatThrownBy(() -> EmbeddedClickHouse.start(EmbeddedSettings.in(home)))
          .hasMessageContaining("already run by process " + owner.pid());

      owner.destroyForcibly().waitFor();

      await().atMost(PATIENCE).until(() -> ProcessHandle.of(address.pid()).isEmpty());
    } finally {
      owner.destroyForcibly();
    }
  }

  @Test
  void endsAServerThatADeadOwnerLeftHanging() throws Exception {
    Process owner = OwnerMain.start(home);
    ServerAddress address = awaitServer();
    signal("STOP", address.pid());
    owner.destroyForcibly().waitFor();

    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(EmbeddedSettings.in(home))) {
      assertThat(ProcessHandle.of(address.pid())).isEmpty();
      assertThat(query(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void takesAnotherPortWhenItsOwnWasTakenMeanwhile() throws Exception {
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(EmbeddedSettings.in(home))) {
      CompletableFuture<ServerAddress> restarted = new CompletableFuture<>();
      server.onRestart(restarted::complete);
      int port = server.address().port();
      signal("KILL", server.pid());
      try (ServerSocket taker = takePort(port)) {
        ServerAddress now = restarted.get(30, TimeUnit.SECONDS);
        assertThat(now.port()).isNotEqualTo(taker.getLocalPort());
        assertThat(now).isEqualTo(server.address());
        assertThat(RunningServer.find(home)).contains(now);
        assertThat(query(server, "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void saysWhichFolderCannotBeWritten() throws IOException {
    Path file = Files.createFile(home.resolve("file"));
    assertThatThrownBy(() -> EmbeddedClickHouse.start(EmbeddedSettings.in(file.resolve("data"))))
        .isInstanceOf(EmbeddedClickHouseException.class)
        .hasMessageContaining(file.resolve("data").toString())
        .hasMessageContaining("must be writable");
  }

  @Test
  void showsWhatClickHouseSaidWhenItsConfigurationIsWrong() {
    ServerExtras wrong =
        new ServerExtras(
            List.of("<broken><password>x</password><profile>none</profile></broken>"),
            List.of(),
            List.of());
    assertThatThrownBy(() -> EmbeddedClickHouse.start(EmbeddedSettings.in(home).withExtras(wrong)))
        .isInstanceOf(EmbeddedClickHouseException.class)
        .hasMessageContaining("ended at its start")
        .hasMessageContaining("none");
  }

  private ServerAddress awaitServer() {
    return await()
        .atMost(PATIENCE)
        .until(() -> RunningServer.find(home), Optional::isPresent)
        .orElseThrow();
  }

  // the kernel gives the port free when the killed process is gone, a moment after the signal
  private static ServerSocket takePort(int port) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .ignoreException(BindException.class)
        .until(
            () -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()),
            ServerSocket::isBound);
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    assertThat(exit).isZero();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static String query(EmbeddedClickHouse server, String sql) {
    return ClickHouseHttp.query(server.url(), server.user(), server.password(), sql);
  }
}
