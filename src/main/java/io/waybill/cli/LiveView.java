package io.waybill.cli;

import io.waybill.app.RunProgress;
import io.waybill.app.RunProgress.Snapshot;
import io.waybill.camel.FlowHold;
import io.waybill.delivery.RunState;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows runs and holds as they come: on a terminal one live line for each run that is going, below
 * what has ended; elsewhere only what has ended. {@link #close} shows the rest.
 */
final class LiveView implements AutoCloseable {
  private static final long MILLIS = 200;
  private static final int WIDTH = 150;
  private final RunProgress progress;
  private final Supplier<Collection<FlowHold>> holds;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final ScheduledExecutorService thread;
  private final Set<String> told = new HashSet<>();
  private int liveLines;

  LiveView(
      RunProgress progress,
      Supplier<Collection<FlowHold>> holds,
      PrintWriter out,
      PrintWriter err,
      boolean terminal) {
    this.progress = progress;
    this.holds = holds;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread daemon = new Thread(task, "waybill-view");
              daemon.setDaemon(true);
              return daemon;
            });
    var unused = thread.scheduleWithFixedDelay(this::show, MILLIS, MILLIS, TimeUnit.MILLISECONDS);
  }

  private synchronized void show() {
    List<Snapshot> runs = progress.all();
    eraseLive();
    for (Snapshot run : runs) {
      if (run.state() == RunState.RUNNING) {
        told.remove(run.run()); // it goes on, and will end once more
      } else if (told.add(run.run())) {
        RunLines.ended(run).forEach(out::println);
      }
    }
    out.flush();
    for (FlowHold hold : holds.get()) {
      if (told.add(hold.toString())) {
        RunLines.held(hold).forEach(err::println);
      }
    }
    if (terminal) {
      for (Snapshot run : runs) {
        if (run.state() == RunState.RUNNING) {
          String line = RunLines.live(run);
          out.println(line.length() > WIDTH ? line.substring(0, WIDTH) : line);
          liveLines++;
        }
      }
    }
    out.flush();
  }

  private void eraseLive() {
    if (liveLines > 0) {
      out.print("\u001b[" + liveLines + "A\u001b[J");
      out.flush();
      liveLines = 0;
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    show();
  }
}
