package io.waybill.cli;

import io.waybill.app.HomeRights;
import io.waybill.app.LedgerListings;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one dead letter. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show a dead letter: its papers, and the record as it was read.")
final class DeadLettersShowCommand extends WaybillCommand {
  @Parameters(paramLabel = "ID", description = "Dead-letter id.")
  private String id;

  @Option(names = "--json", description = "Print its papers as JSON, without the record.")
  private boolean json;

  @Override
  int run() throws IOException {
    try (LedgerListings listings = new LedgerListings(home(), config())) {
      DeadLetterRow letter =
          listings.deadLetters(DeadLetterSelection.of(List.of(id)), 1).stream()
              .findFirst()
              .orElseThrow(() -> new UsageException("there is no dead letter " + id));
      if (json) {
        JsonOutput.print(out(), DeadLetterJson.letter(letter));
      } else {
        new HomeRights(home(), config(), System.getenv())
            .requireRead("dead-letters show", List.of(letter.table()));
        print(letter, listings.deadLetterFiles());
      }
      return ExitCode.OK;
    }
  }

  private void print(DeadLetterRow letter, DeadLetterFiles files) throws IOException {
    line("dead letter", letter.id());
    line("state", letter.state().label());
    line("settled", letter.settled().map(Text::time).orElse(""));
    line("by", letter.settledBy());
    line("note", letter.note());
    line("flow", letter.flow());
    line("run", letter.run());
    line("batch", letter.batch());
    line("source", letter.location());
    line("record", Text.count(letter.record()));
    line("line", letter.line() == 0 ? "" : Text.count(letter.line()));
    line("byte", Text.count(letter.sourceOffset()));
    line("table", letter.table());
    line("column", letter.column());
    line("error", (letter.errorCode() == 0 ? "" : letter.errorCode() + " ") + letter.errorName());
    line("reason", letter.reason());
    line("remedy", letter.remedy());
    line("first seen", Text.time(letter.firstSeen()));
    line("last seen", Text.time(letter.stored()));
    line("file", "data/dead-letters/" + letter.file());
    out().println();
    out().flush();
    try {
      System.out.write(files.raw(letter));
      System.out.flush();
    } catch (NoSuchFileException | java.io.FileNotFoundException e) {
      out().println("(its bytes were deleted when it was settled)");
    }
  }

  private void line(String name, String value) {
    if (!value.isEmpty()) {
      out().println(String.format("%-11s %s", name, value));
    }
  }
}
