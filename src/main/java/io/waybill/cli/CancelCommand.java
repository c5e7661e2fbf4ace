package io.waybill.cli;

import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.control.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stops a run or a trigger for good. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description =
        "Stop a run or a trigger for good. What arrived stays; a run that was cancelled goes on only"
            + " with rerun.")
final class CancelCommand extends OrderCommand {
  @Parameters(
      paramLabel = "ID",
      description = "Id of a run or a trigger, or the beginning of one.")
  private String id;

  @Override
  int run() throws Exception {
    boolean trigger;
    try (Listings listings = new LedgerListings(home(), config())) {
      trigger = listings.trigger(id).isPresent();
    }
    return place(trigger ? new Order.CancelTrigger(id) : new Order.CancelRun(id));
  }
}
