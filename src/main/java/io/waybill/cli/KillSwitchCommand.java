package io.waybill.cli;

import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.control.Order;
import io.waybill.ledger.KillSwitchRow;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stops writing at once, or lists what is stopped. */
@Command(
    name = "kill-switch",
    mixinStandardHelpOptions = true,
    description =
        "Stop all writing into an environment of policy.yaml, or by a flow, before its next batch;"
            + " or let it go on. Without a name: list what is on by order.")
final class KillSwitchCommand extends OrderCommand {
  /** What to do with it. */
  private enum Position {
    on,
    off
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ENVIRONMENT|FLOW",
      description = "Name of the environment or flow.")
  private String name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "on|off",
      description = "on: nothing more is written; off: it is again.")
  private Position position;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why; it is in listings, the hold of flows and the audit trail.")
  private String reason = "";

  @Override
  int run() throws Exception {
    if (name == null) {
      list();
      return ExitCode.OK;
    }
    if (position == null) {
      throw new UsageException("say on or off: ./waybill kill-switch " + name + " on");
    }
    return place(new Order.KillSwitch(name, position == Position.on, reason.strip()));
  }

  private void list() {
    try (Listings listings = new LedgerListings(home(), config())) {
      List<KillSwitchRow> on = listings.killSwitches();
      if (on.isEmpty()) {
        out().println("no kill switch is on by order; those of policy.yaml stand there");
      }
      on.forEach(
          row ->
              out()
                  .println(
                      "%s: on, by %s since %s%s"
                          .formatted(
                              row,
                              row.by(),
                              Text.time(row.since()),
                              row.reason().isEmpty() ? "" : ": " + row.reason())));
      out().flush();
    }
  }
}
