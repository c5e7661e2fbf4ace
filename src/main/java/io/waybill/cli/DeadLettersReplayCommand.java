package io.waybill.cli;

import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.control.Order;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends dead letters again. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description =
        "Send dead letters again, as they are or mended, as a run of their own. Each is settled once;"
            + " what is refused again is a new dead letter.")
final class DeadLettersReplayCommand extends OrderCommand {
  @Mixin private DeadLetterChoice choice;

  @Option(names = "--all", description = "All that wait.")
  private boolean all;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "The mended records of FILE, which settle the dead letters named in FILE.letters, as"
              + " dead-letters export writes both.")
  private Path from;

  @Override
  int run() throws Exception {
    DeadLetterSelection selection = choice.selection(false);
    if (from != null) {
      if (selection.isNarrow() || all) {
        throw new UsageException(
            "--from goes alone: FILE.letters says which dead letters it mends");
      }
      return place(new Order.ReplayMended(from.toAbsolutePath().normalize().toString(), ids(from)));
    }
    return place(new Order.Replay(meant(this, selection, all)));
  }

  private static List<String> ids(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new UsageException("there is no file " + file + " that can be read");
    }
    try {
      List<String> ids =
          Files.readAllLines(DeadLettersExportCommand.letters(file)).stream()
              .map(String::strip)
              .filter(id -> !id.isEmpty())
              .toList();
      if (ids.isEmpty()) {
        throw new UsageException(DeadLettersExportCommand.letters(file) + " names no dead letters");
      }
      return ids;
    } catch (NoSuchFileException e) {
      throw new UsageException(
          "there is no %s to say which dead letters %s mends; dead-letters export writes both"
              .formatted(e.getFile(), file));
    }
  }

  /** The ids of the dead letters that wait and are meant. */
  static List<String> meant(WaybillCommand command, DeadLetterSelection selection, boolean all) {
    if (!selection.isNarrow() && !all) {
      throw new UsageException(
          "say which: ids, --flow, --run, --error, --column, --since or --all");
    }
    DeadLetterSelection named =
        selection.ids().isEmpty() ? selection : DeadLetterSelection.of(selection.ids());
    try (Listings listings = new LedgerListings(command.home(), command.config())) {
      List<String> ids =
          listings.deadLetters(selection, Integer.MAX_VALUE).stream()
              .map(DeadLetterRow::id)
              .toList();
      if (!named.ids().isEmpty()) {
        return named.ids();
      }
      if (ids.isEmpty()) {
        throw new UsageException("no dead letters are meant by this");
      }
      return ids;
    }
  }
}
