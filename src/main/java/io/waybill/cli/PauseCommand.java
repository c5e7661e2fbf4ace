package io.waybill.cli;

import io.waybill.control.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets a flow rest. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Let a flow rest until resume, also across restarts. What is on its way arrives.")
final class PauseCommand extends OrderCommand {
  @Parameters(paramLabel = "FLOW", description = "Name of the flow.")
  private String flow;

  @Override
  int run() throws Exception {
    return place(new Order.Pause(flow));
  }
}
