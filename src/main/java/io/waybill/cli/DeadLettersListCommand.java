package io.waybill.cli;

import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.ledger.DeadLetterGroup;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Count dead letters by flow and reason, and list them, the oldest first.")
final class DeadLettersListCommand extends WaybillCommand {
  @Mixin private DeadLetterChoice choice;

  @Option(names = "--all", description = "Those that were replayed or discarded as well.")
  private boolean all;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "List at most so many; default ${DEFAULT-VALUE}. The counts are of all.",
      defaultValue = "20")
  private int limit;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  int run() {
    if (limit < 0) {
      throw new UsageException("--limit must not be negative");
    }
    DeadLetterSelection selection = choice.selection(all);
    try (Listings listings = new LedgerListings(home(), config())) {
      List<DeadLetterGroup> groups = listings.deadLetterGroups(selection);
      List<DeadLetterRow> letters = listings.deadLetters(selection, limit);
      if (json) {
        JsonOutput.print(out(), DeadLetterJson.list(groups, letters));
      } else {
        print(groups, letters);
      }
      return ExitCode.OK;
    }
  }

  private void print(List<DeadLetterGroup> groups, List<DeadLetterRow> letters) {
    if (groups.isEmpty()) {
      out().println("no dead letters");
      return;
    }
    Text.table(
            List.of("COUNT", "FLOW", "TABLE", "ERROR", "COLUMN", "RUNS", "FIRST SEEN", "LAST SEEN"),
            groups.stream().map(DeadLettersListCommand::row).toList())
        .forEach(out()::println);
    if (letters.isEmpty()) {
      return;
    }
    out().println();
    Text.table(
            List.of("DEAD LETTER", "STATE", "LINE", "ERROR", "COLUMN", "SEEN", "SOURCE"),
            letters.stream().map(DeadLettersListCommand::row).toList())
        .forEach(out()::println);
    long more = groups.stream().mapToLong(DeadLetterGroup::count).sum() - letters.size();
    if (more > 0) {
      out().println(Text.count(more) + " more; --limit lists them");
    }
  }

  private static List<String> row(DeadLetterGroup group) {
    return List.of(
        Text.count(group.count()),
        group.flow(),
        group.table(),
        error(group.errorCode(), group.errorName()),
        orDash(group.column()),
        Text.count(group.runs()),
        Text.time(group.firstSeen()),
        Text.time(group.lastStored()));
  }

  private static List<String> row(DeadLetterRow letter) {
    return List.of(
        letter.id(),
        letter.state().label(),
        letter.line() == 0 ? "-" : Text.count(letter.line()),
        error(letter.errorCode(), letter.errorName()),
        orDash(letter.column()),
        Text.time(letter.stored()),
        letter.location());
  }

  private static String error(int code, String name) {
    return code == 0 ? name : code + " " + name;
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
