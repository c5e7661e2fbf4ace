package io.waybill.cli;

import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.ledger.RunRow;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "List runs, the newest first, from the ledger.")
final class RunsCommand extends WaybillCommand {
  @Parameters(arity = "0..1", paramLabel = "FLOW", description = "Only runs of this flow.")
  private String flow;

  @Mixin private ListChoice list;

  @Override
  int run() {
    int limit = list.limit();
    try (Listings listings = new LedgerListings(home(), config())) {
      List<RunRow> runs = listings.runs(Optional.ofNullable(flow), limit);
      if (list.json()) {
        JsonOutput.print(out(), JsonOutput.runs(runs));
        return ExitCode.OK;
      }
      if (runs.isEmpty()) {
        out().println("no runs yet");
        return ExitCode.OK;
      }
      print(out(), runs);
      return ExitCode.OK;
    }
  }

  static void print(PrintWriter out, List<RunRow> runs) {
    Text.table(
            List.of(
                "RUN", "FLOW", "STATE", "STARTED", "ROWS", "DEAD", "DOUBT", "SIZE", "TIME",
                "TRIGGER", "SOURCE"),
            runs.stream().map(RunsCommand::row).toList())
        .forEach(out::println);
  }

  private static List<String> row(RunRow run) {
    return List.of(
        run.id(),
        run.flow(),
        run.state().label(),
        Text.time(run.started()),
        Text.count(run.rows()),
        Text.count(run.deadRows()),
        Text.count(run.inDoubtBatches()),
        Text.size(run.bytes()),
        Text.seconds(run.movedFor()),
        run.trigger().isEmpty() ? "source" : run.trigger(),
        run.location());
  }
}
