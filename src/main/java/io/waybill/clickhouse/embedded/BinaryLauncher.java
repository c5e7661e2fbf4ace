package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Runs a real {@code clickhouse} binary as {@code clickhouse server} on the same configuration;
 * SIGTERM is its clean stop.
 *
 * <p>Tested with a stand-in that checks the arguments and the signals: no real binary was to be had
 * where this was written.
 */
final class BinaryLauncher implements ServerLauncher {

  private final String binary;
  private final Map<String, String> environment;

  BinaryLauncher(String binary, Map<String, String> environment) {
    this.binary = binary;
    this.environment = environment;
  }

  @Override
  public void provide() {
    // the user has put it there; launch() says so if not
  }

  @Override
  public Process launch(ServerFiles files) throws IOException {
    Process server = start(files);
    // A server does not read its standard input, so that it would outlive us; this shell does, and
    // sends it the signal.
    Process watchdog =
        ServerLauncher.start(
            files.database(),
            List.of("sh", "-c", "cat > /dev/null; kill -TERM $0", Long.toString(server.pid())));
    var unused = server.onExit().thenRun(watchdog::destroyForcibly);
    return server;
  }

  private Process start(ServerFiles files) {
    try {
      return ServerLauncher.start(
          files.database(), List.of(binary, "server", files.configArgument()), environment);
    } catch (IOException e) {
      throw new EmbeddedClickHouseException(
          "Cannot start '%s', which waybill.clickhouse.binary names: %s. Name a clickhouse binary on the PATH or its whole path."
              .formatted(binary, e.getMessage()),
          e);
    }
  }

  @Override
  public void requestStop(Process server) {
    server.destroy();
  }

  @Override
  public boolean localUser() {
    return false;
  }
}
