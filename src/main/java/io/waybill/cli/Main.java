package io.waybill.cli;

import io.waybill.app.ConfigurationException;
import io.waybill.app.DeniedException;
import io.waybill.delivery.LedgerException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Waybill's command line. */
@Command(
    name = "waybill",
    description =
        "Carries records from enterprise endpoints into ClickHouse: every row once, with papers.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      FlowsCommand.class,
      RunsCommand.class,
      TopCommand.class,
      ShowCommand.class,
      TriggerCommand.class,
      BackfillCommand.class,
      TriggersCommand.class,
      RerunCommand.class,
      CancelCommand.class,
      MarkCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      ReconcileCommand.class,
      DeadLettersCommand.class,
      AuditCommand.class,
      TraceCommand.class,
      LedgerCommand.class,
      SqlCommand.class,
      InitCommand.class,
      CheckCommand.class,
      LoginCommand.class,
      LogoutCommand.class,
      WhoamiCommand.class,
      PolicyCommand.class,
      ApprovalsCommand.class,
      KillSwitchCommand.class,
      GrantsCommand.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all delivered",
      "1:delivered, with dead letters",
      "2:wrong usage or configuration",
      "3:held, failed or denied; of audit verify: something is wrong with the trail"
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setOut(new PrintWriter(new MaskingWriter(System.out), true));
    line.setErr(new PrintWriter(new MaskingWriter(System.err), true));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((thrown, command, result) -> report(thrown, command));
    return line;
  }

  /** A mistake of the user's is told in words; only what nobody foresaw goes to the log in full. */
  private static int report(Exception thrown, CommandLine command) {
    if (thrown instanceof ConfigurationException
        || thrown instanceof UsageException
        || thrown instanceof LedgerException) {
      thrown.getMessage().lines().forEach(line -> command.getErr().println("waybill: " + line));
      return ExitCode.USAGE;
    }
    if (thrown instanceof CommandFailedException || thrown instanceof DeniedException) {
      thrown.getMessage().lines().forEach(line -> command.getErr().println("waybill: " + line));
      return ExitCode.HELD_OR_FAILED;
    }
    LoggerFactory.getLogger(Main.class).error("unforeseen", thrown);
    command
        .getErr()
        .println("waybill: unforeseen " + thrown + "; data/log/waybill.log has its trace");
    return ExitCode.HELD_OR_FAILED;
  }
}
