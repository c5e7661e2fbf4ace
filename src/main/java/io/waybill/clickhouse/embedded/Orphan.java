package io.waybill.clickhouse.embedded;

import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server whose owner died and which has not ended yet. It would keep the data folder from a new
 * one. Only to be looked for by who holds the folder's lock.
 */
final class Orphan {
  private static final Logger LOG = LoggerFactory.getLogger(Orphan.class);
  private static final long PATIENCE_SECONDS = 5;

  private Orphan() {}

  /**
   * Waits for orphans to end, as they do by themselves, and kills those that do not; their data
   * survives that.
   */
  static void end(ServerFiles files) throws InterruptedException {
    for (ProcessHandle orphan :
        ProcessHandle.allProcesses().filter(it -> runs(it, files)).toList()) {
      try {
        orphan.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException stuck) {
        LOG.warn(
            "Killing process {}, a ClickHouse that an earlier Waybill left behind", orphan.pid());
        orphan.destroyForcibly();
        orphan.onExit().join();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  private static boolean runs(ProcessHandle process, ServerFiles files) {
    return process
        .info()
        .arguments()
        .filter(arguments -> Arrays.asList(arguments).contains(files.configArgument()))
        .isPresent();
  }
}
