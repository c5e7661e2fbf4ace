package io.waybill.cli;

import io.waybill.app.LedgerListings;
import io.waybill.app.WaybillConfig;
import io.waybill.control.Listings;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows live what flows do. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    description =
        "Show flows and runs live, from the ledger. Without a terminal it shows them once. Keys: q"
            + " quits, arrows scroll.")
final class TopCommand extends WaybillCommand {
  private static final long MILLIS = 1000;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "Pause between looks; default ${DEFAULT-VALUE}.",
      defaultValue = "1")
  private int interval;

  @Override
  int run() throws Exception {
    if (interval < 1) {
      throw new UsageException("--interval must be at least 1");
    }
    WaybillConfig config = config();
    if (onTerminal()) {
      live(config);
    } else {
      TopLook before = look(config);
      TimeUnit.SECONDS.sleep(interval);
      TopFrame frame = new TopFrame(before, look(config));
      out().println(frame.head(home().folder().toString()));
      out().println();
      frame.lines().forEach(out()::println);
    }
    return ExitCode.OK;
  }

  /** A new reader each time: the ledger may have come, gone or been put back meanwhile. */
  private TopLook look(WaybillConfig config) {
    try (Listings listings = new LedgerListings(home(), config)) {
      return TopLook.at(listings, Instant.now());
    }
  }

  private void live(WaybillConfig config) throws IOException, InterruptedException {
    TopScreen screen = new TopScreen(System.in);
    Thread restore = new Thread(() -> leave(screen), "waybill-top-end");
    Runtime.getRuntime().addShutdownHook(restore);
    out().print(screen.begin());
    TopLook before = look(config);
    for (; ; ) {
      TopLook now = look(config);
      TopFrame frame = new TopFrame(before, now);
      if (shown(screen, frame)) {
        return; // the hook leaves the screen
      }
      before = now;
    }
  }

  /** Shows a frame until the next one is due; whether it is enough. */
  private boolean shown(TopScreen screen, TopFrame frame) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(interval * MILLIS);
    do {
      out().print(screen.show(frame.head(home().folder().toString()), frame.lines()));
      out().flush();
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (screen.key(left) == TopScreen.Key.QUIT) {
        return true;
      }
    } while (System.nanoTime() < end);
    return false;
  }

  private void leave(TopScreen screen) {
    out().print(screen.end());
    out().flush();
    screen.close();
  }
}
