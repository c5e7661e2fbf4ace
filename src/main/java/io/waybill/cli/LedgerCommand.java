package io.waybill.cli;

import io.waybill.app.HomeRights;
import io.waybill.app.LedgerKeeping;
import io.waybill.ledger.Identity;
import io.waybill.policy.Action;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What people do with the ledger itself. */
@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    description = "Back the ledger up, or let a restored or copied one go on.",
    subcommands = {LedgerCommand.Backup.class, LedgerCommand.Adopt.class})
final class LedgerCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what: backup or adopt");
  }

  /** Writes a copy. */
  @Command(
      name = "backup",
      mixinStandardHelpOptions = true,
      description = "Write a consistent copy of the ledger, also while Waybill runs.")
  static final class Backup extends WaybillCommand {
    @Parameters(paramLabel = "FILE", description = "A file that is not there yet.")
    private Path file;

    @Override
    int run() throws IOException {
      if (config().isLedgerShared()) {
        throw new UsageException(
            "the ledger is in PostgreSQL, which makes consistent copies by itself: pg_dump"
                + " --format=custom --schema=SCHEMA --file="
                + file
                + " DATABASE");
      }
      try {
        LedgerKeeping.backup(home(), config(), file);
      } catch (FileAlreadyExistsException e) {
        throw new UsageException(e.getFile() + " is there already; name another file");
      } catch (NoSuchFileException e) {
        throw new UsageException(e.getMessage());
      }
      out().println("ledger copied to " + file);
      return ExitCode.OK;
    }
  }

  /** Begins a new epoch. */
  @Command(
      name = "adopt",
      mixinStandardHelpOptions = true,
      description =
          "Let a ledger go on here that was restored from a backup or copied from another host. No"
              + " other process may use it or a copy of it any more. Sources that are older than"
              + " this are counted in their tables before anything of them is sent.")
  static final class Adopt extends WaybillCommand {
    @Override
    int run() throws IOException {
      new HomeRights(home(), config(), System.getenv()).require("ledger adopt", Action.ADMINISTER);
      Identity identity = LedgerKeeping.adopt(home(), config(), new Download(err()));
      out()
          .println(
              "ledger %s goes on as epoch %d on host %s"
                  .formatted(identity.id(), identity.epoch(), identity.host()));
      return ExitCode.OK;
    }
  }
}
