package io.waybill.cli;

import io.waybill.app.Application;
import io.waybill.app.Check;
import io.waybill.app.DryRun;
import io.waybill.app.RunProgress.Snapshot;
import io.waybill.delivery.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs flows. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Run flows until stopped; with --once until the sources are empty. Ctrl-C finishes the"
            + " batches in flight or leaves them planned; the next run goes on there.")
final class RunCommand extends WaybillCommand {
  @Parameters(paramLabel = "FLOW", description = "Only these flows. Default: all.")
  private List<String> flows = new ArrayList<>();

  @Option(names = "--once", description = "Drain the sources, print what arrived, and end.")
  private boolean once;

  @Option(
      names = "--dry-run",
      description =
          "Cut, encode and count what the flows would bring, ask ClickHouse for rights and let it read"
              + " the files, and end: nothing is inserted, written down or acknowledged. Files only.")
  private boolean dry;

  @Option(names = "--json", description = "With --dry-run: print JSON.")
  private boolean json;

  @Override
  boolean logsToConsole() {
    return !dry && !isWatched();
  }

  /** Whether somebody is told what happens; a service only writes log lines. */
  private boolean isWatched() {
    return once || onTerminal();
  }

  @Override
  int run() throws Exception {
    if (dry) {
      return dryRun();
    }
    if (json) {
      throw new UsageException("--json goes with --dry-run");
    }
    Application.Options options = new Application.Options(once, false, flows, new Download(err()));
    try (Application application = Application.start(home(), config(), options)) {
      Thread stop = new Thread(application::close, "waybill-stop");
      Runtime.getRuntime().addShutdownHook(stop);
      greet(application);
      serve(application);
      int code = application.isClosed() ? ExitCode.HELD_OR_FAILED : result(application);
      removeHook(stop);
      return code;
    }
  }

  private int dryRun() throws Exception {
    try (Check check = Check.of(home(), config(), new Download(err()))) {
      List<DryRun.Outlook> all = check.dryRun(flows);
      if (json) {
        JsonOutput.print(out(), DryRunOutput.json(all));
      } else {
        all.forEach(outlook -> DryRunOutput.lines(outlook).forEach(out()::println));
        out().println("dry run: nothing was inserted, written down or acknowledged");
        out().flush();
      }
      check.problems().forEach(problem -> err().println("not loaded: " + problem));
      if (all.stream().anyMatch(DryRun.Outlook::isInTrouble)) {
        return ExitCode.HELD_OR_FAILED;
      }
      return check.problems().isEmpty() ? ExitCode.OK : ExitCode.USAGE;
    }
  }

  private void serve(Application application) throws InterruptedException {
    if (!isWatched()) {
      application.await();
      return;
    }
    LiveView view =
        new LiveView(application.progress(), application::holds, out(), err(), onTerminal());
    try {
      application.await();
    } finally {
      view.close();
    }
  }

  private void greet(Application application) {
    out()
        .println(
            "Waybill: %s, ClickHouse %s at %s"
                .formatted(
                    home().folder(), application.clickHouseVersion(), application.clickHouseUrl()));
    application.managementUrl().ifPresent(url -> out().println("Dashboard: " + url));
    if (isWatched()) {
      application.problems().forEach(problem -> err().println("not loaded: " + problem));
    }
    out().flush();
  }

  private int result(Application application) {
    List<Snapshot> runs = application.progress().all();
    if (once) {
      tellIdle(application, runs);
    }
    boolean failed =
        !application.holds().isEmpty() || runs.stream().anyMatch(run -> isUnfinished(run.state()));
    if (failed) {
      return ExitCode.HELD_OR_FAILED;
    }
    if (!application.problems().isEmpty()) {
      return ExitCode.USAGE;
    }
    return runs.stream().anyMatch(run -> run.deadRows() > 0) ? ExitCode.DEAD_LETTERS : ExitCode.OK;
  }

  private void tellIdle(Application application, List<Snapshot> runs) {
    Set<String> silent = new TreeSet<>(application.flows());
    runs.forEach(run -> silent.remove(run.flow()));
    application.holds().forEach(hold -> silent.remove(hold.flow()));
    silent.forEach(flow -> out().println(flow + ": its source had nothing to read"));
    if (application.auditPending() > 0) {
      err()
          .println(
              "%s wait in the ledger: %s"
                  .formatted(
                      Text.count(application.auditPending(), "audit event"),
                      application.auditTrouble()));
    }
    out().flush();
  }

  private static boolean isUnfinished(RunState state) {
    return state == RunState.HELD || state == RunState.FAILED || state == RunState.RUNNING;
  }

  private static void removeHook(Thread stop) {
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException e) {
      // the hook is what ended the run
    }
  }
}
