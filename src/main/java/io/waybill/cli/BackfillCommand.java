package io.waybill.cli;

import io.waybill.control.Order;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a flow for a range of dates. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description =
        "Start a flow once for each date of a range. Its messages have the date as header"
            + " CamelWaybillDue, and as CamelWaybillParameter_day.")
final class BackfillCommand extends OrderCommand {
  @Parameters(paramLabel = "FLOW", description = "Name of the flow.")
  private String flow;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "DATE",
      description = "First date, as 2026-01-01, or time, in UTC.")
  private String from;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DATE",
      description = "End of the range, not part of it.")
  private String to;

  @Option(
      names = "--every",
      paramLabel = "STEP",
      description = "Step between the dates, as 12h; default ${DEFAULT-VALUE}.",
      defaultValue = "1d")
  private String every;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "How many run at the same time; default ${DEFAULT-VALUE}.",
      defaultValue = "1")
  private int parallel;

  @Option(
      names = {"-p", "--parameter"},
      paramLabel = "NAME=VALUE",
      description = "A header CamelWaybillParameter_NAME of the flow's messages; may be repeated.")
  private Map<String, String> parameters = new TreeMap<>();

  @Override
  int run() throws Exception {
    return place(new Order.Backfill(flow, from, to, every, parallel, parameters));
  }
}
