package io.waybill.cli;

import io.waybill.control.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a run go on. */
@Command(
    name = "rerun",
    mixinStandardHelpOptions = true,
    description =
        "Let a failed, held, cancelled or interrupted run go on at its checkpoint: its source is"
            + " compared with what was planned, what is settled is skipped, what is in doubt is"
            + " resolved.")
final class RerunCommand extends OrderCommand {
  @Parameters(paramLabel = "RUN", description = "Run id, or the beginning of one.")
  private String run;

  @Option(
      names = "--again",
      description =
          "Deliver all of its source once more, as a new generation, beside the rows that arrived.")
  private boolean again;

  @Option(
      names = "--abandon",
      description =
          "With --again: give batches in doubt up, for instance those of a table that was dropped."
              + " What of them arrived stays.")
  private boolean abandon;

  @Override
  int run() throws Exception {
    if (abandon && !again) {
      throw new UsageException("--abandon goes with --again");
    }
    return place(new Order.Rerun(run, again, abandon));
  }
}
