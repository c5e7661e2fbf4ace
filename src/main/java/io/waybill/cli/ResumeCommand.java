package io.waybill.cli;

import io.waybill.control.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets a flow go on that rests. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Let a flow go on that was paused.")
final class ResumeCommand extends OrderCommand {
  @Parameters(paramLabel = "FLOW", description = "Name of the flow.")
  private String flow;

  @Override
  int run() throws Exception {
    return place(new Order.Resume(flow));
  }
}
