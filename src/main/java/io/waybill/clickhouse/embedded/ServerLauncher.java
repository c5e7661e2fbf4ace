package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** One way to run a ClickHouse process on prepared {@link ServerFiles}. */
interface ServerLauncher {

  /**
   * What a server may see of this process's environment: where its tools are and which zone and
   * language it has, and none of the secrets that Waybill may have been given there.
   */
  Set<String> ENVIRONMENT =
      Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH");

  /** Makes sure that what is to be run is there; may take as long as a download. */
  void provide();

  /**
   * Starts the process; its standard error goes where its standard output goes, to this process.
   */
  Process launch(ServerFiles files) throws IOException;

  /** Asks it to stop cleanly, and does not wait. */
  void requestStop(Process server);

  /** Whether the server runs start.sql in its own process. */
  boolean localUser();

  /** Starts {@code command} in {@code folder} with the reduced environment. */
  static Process start(Path folder, Iterable<String> command) throws IOException {
    return start(folder, command, Map.of());
  }

  /** As {@link #start(Path, Iterable)}, with {@code added} variables. */
  static Process start(Path folder, Iterable<String> command, Map<String, String> added)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder();
    command.forEach(builder.command()::add);
    builder.environment().keySet().retainAll(ENVIRONMENT);
    builder.environment().putAll(added);
    return builder.directory(folder.toFile()).redirectErrorStream(true).start();
  }
}
