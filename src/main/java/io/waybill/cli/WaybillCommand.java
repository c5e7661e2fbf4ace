package io.waybill.cli;

import io.waybill.app.Home;
import io.waybill.app.Logging;
import io.waybill.app.WaybillConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands share: the home, the output. */
abstract class WaybillCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description =
          "Folder with application.properties, routes/ and data/. Default: WAYBILL_HOME, else the"
              + " current folder if it has an application.properties, else the installation's own.")
  private Path homeOption;

  private Home home;

  @Override
  public final Integer call() throws Exception {
    home = Home.find(homeOption, System.getenv(), Path.of(""));
    Logging.toFile(home, logsToConsole());
    return run();
  }

  /** Does what the command is for, and returns its exit code. */
  abstract int run() throws Exception;

  /** Whether log lines are to be seen on the console as well. */
  boolean logsToConsole() {
    return false;
  }

  final Home home() {
    return home;
  }

  final WaybillConfig config() {
    WaybillConfig config = WaybillConfig.load(home.properties(), System.getenv());
    Logging.level(config.logLevel());
    if (config.logsJson()) {
      Logging.asJson();
    }
    return config;
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Whether a person watches the output. */
  static boolean onTerminal() {
    return Boolean.getBoolean("waybill.terminal");
  }
}
