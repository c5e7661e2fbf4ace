package io.waybill.cli;

import io.waybill.control.Order;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a flow. */
@Command(
    name = "trigger",
    mixinStandardHelpOptions = true,
    description =
        "Start a flow now. A source that is polled is polled until it brings nothing new; a timer or"
            + " the like brings one message.")
final class TriggerCommand extends OrderCommand {
  @Parameters(paramLabel = "FLOW", description = "Name of the flow.")
  private String flow;

  @Option(
      names = {"-p", "--parameter"},
      paramLabel = "NAME=VALUE",
      description = "A header CamelWaybillParameter_NAME of the flow's messages; may be repeated.")
  private Map<String, String> parameters = new TreeMap<>();

  @Option(
      names = "--due",
      paramLabel = "TIME",
      description = "The time that it is for, as 2026-01-31T00:00:00Z. Default: now.",
      defaultValue = "")
  private String due;

  @Override
  int run() throws Exception {
    return place(new Order.Trigger(flow, parameters, due));
  }
}
