package io.waybill.cli;

import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.ledger.TriggerRow;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists triggers. */
@Command(
    name = "triggers",
    mixinStandardHelpOptions = true,
    description = "List when flows were started and why, the newest first, from the ledger.")
final class TriggersCommand extends WaybillCommand {
  @Parameters(arity = "0..1", paramLabel = "FLOW", description = "Only triggers of this flow.")
  private String flow;

  @Mixin private ListChoice list;

  @Override
  int run() {
    int limit = list.limit();
    try (Listings listings = new LedgerListings(home(), config())) {
      List<TriggerRow> triggers = listings.triggers(Optional.ofNullable(flow), limit);
      if (list.json()) {
        JsonOutput.print(out(), JsonOutput.triggers(triggers));
      } else if (triggers.isEmpty()) {
        out().println("no triggers yet");
      } else {
        print(out(), triggers);
      }
      return ExitCode.OK;
    }
  }

  static void print(PrintWriter out, List<TriggerRow> triggers) {
    Text.table(
            List.of("TRIGGER", "FLOW", "KIND", "STATE", "DUE", "BY", "PARAMETERS", "REASON"),
            triggers.stream().map(TriggersCommand::row).toList())
        .forEach(out::println);
  }

  private static List<String> row(TriggerRow trigger) {
    return List.of(
        trigger.id(),
        trigger.flow(),
        trigger.kind().label(),
        trigger.state().label(),
        Text.time(trigger.due()),
        trigger.by(),
        parameters(trigger),
        trigger.reason());
  }

  static String parameters(TriggerRow trigger) {
    return trigger.parameters().entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(" "));
  }
}
