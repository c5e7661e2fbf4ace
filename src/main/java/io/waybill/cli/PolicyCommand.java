package io.waybill.cli;

import picocli.CommandLine.Command;

/** Says what the policy says. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Look at policy.yaml: check it, or explain what somebody may do.",
    subcommands = {PolicyExplainCommand.class, PolicyCheckCommand.class},
    synopsisSubcommandLabel = "(explain | check)")
final class PolicyCommand {}
