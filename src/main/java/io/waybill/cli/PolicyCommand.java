package io.waybill.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what the policy says. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Look at policy.yaml: check it, or explain what somebody may do.",
    subcommands = {PolicyExplainCommand.class, PolicyCheckCommand.class})
final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what: explain or check");
  }
}
