package io.waybill.cli;

import io.waybill.control.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Settles dead letters that nobody needs. */
@Command(
    name = "discard",
    mixinStandardHelpOptions = true,
    description =
        "Settle dead letters without sending them. The reason is kept in the ledger and the audit"
            + " trail; their bytes are deleted.")
final class DeadLettersDiscardCommand extends OrderCommand {
  @Mixin private DeadLetterChoice choice;

  @Option(names = "--all", description = "All that wait.")
  private boolean all;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why they are not needed.")
  private String reason;

  @Override
  int run() throws Exception {
    if (reason.isBlank()) {
      throw new UsageException("--reason must say why");
    }
    return place(
        new Order.Discard(
            DeadLettersReplayCommand.meant(this, choice.selection(false), all), reason.strip()));
  }
}
