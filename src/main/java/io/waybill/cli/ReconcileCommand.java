package io.waybill.cli;

import io.waybill.control.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the ledger with a table. */
@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    description =
        "Compare the committed batches of a run with the rows of its table, batch by batch, by"
            + " _waybill_batch.")
final class ReconcileCommand extends OrderCommand {
  @Parameters(paramLabel = "RUN", description = "Run id, or the beginning of one.")
  private String run;

  @Option(names = "--send", description = "Send again what is missing.")
  private boolean send;

  @Override
  int run() throws Exception {
    return place(new Order.Reconcile(run, send));
  }
}
