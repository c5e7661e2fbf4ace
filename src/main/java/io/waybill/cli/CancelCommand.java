package io.waybill.cli;

import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.control.Order;
import io.waybill.ledger.RunNotFoundException;
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
  @Parameters(paramLabel = "ID", description = "Id of a run or a trigger, or the beginning of one.")
  private String id;

  @Override
  int run() throws Exception {
    boolean trigger;
    try (Listings listings = new LedgerListings(home(), config())) {
      trigger = listings.trigger(id).isPresent();
      if (trigger && isRun(listings)) {
        throw new UsageException(
            "'%s' is the beginning of a run's id and of a trigger's; give more of it"
                .formatted(id));
      }
    }
    return place(trigger ? new Order.CancelTrigger(id) : new Order.CancelRun(id));
  }

  private boolean isRun(Listings listings) {
    try {
      return listings.run(id) != null;
    } catch (RunNotFoundException e) {
      return false;
    }
  }
}
