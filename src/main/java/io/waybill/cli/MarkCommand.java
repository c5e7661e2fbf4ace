package io.waybill.cli;

import io.waybill.control.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says what became of a run. */
@Command(
    name = "mark",
    mixinStandardHelpOptions = true,
    description =
        "Take a run that nobody runs for completed or failed. Nothing is sent, and nothing taken back;"
            + " a source whose run is completed is not read again.")
final class MarkCommand extends OrderCommand {
  @Parameters(index = "0", paramLabel = "RUN", description = "Run id, or the beginning of one.")
  private String run;

  @Parameters(index = "1", paramLabel = "STATE", description = "completed or failed.")
  private String state;

  @Parameters(index = "2", paramLabel = "NOTE", description = "Why; kept with the run.")
  private String note;

  @Override
  int run() throws Exception {
    return place(new Order.MarkRun(run, state, note));
  }
}
