package io.waybill.cli;

import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.RunNotFoundException;
import io.waybill.ledger.RunRow;
import io.waybill.ledger.TriggerRow;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one run with its batches. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show a run with its batches and dead letters, or a trigger with its runs.")
final class ShowCommand extends WaybillCommand {
  private static final int MOST_LETTERS = 10;

  @Parameters(paramLabel = "ID", description = "Id of a run or a trigger, or the beginning of one.")
  private String run;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  int run() {
    try (Listings listings = new LedgerListings(home(), config())) {
      RunRow found = listings.run(run);
      List<BatchRow> batches = listings.batches(found.id());
      List<DeadLetterRow> letters = listings.deadLetters(found.id());
      if (json) {
        JsonOutput.print(out(), JsonOutput.details(found, batches, letters));
      } else {
        print(found, batches, letters);
      }
      return ExitCode.OK;
    } catch (RunNotFoundException e) {
      return showTrigger(e);
    }
  }

  private int showTrigger(RunNotFoundException noRun) {
    try (Listings listings = new LedgerListings(home(), config())) {
      TriggerRow trigger =
          listings.trigger(run).orElseThrow(() -> new UsageException(noRun.getMessage()));
      show(listings, trigger);
      return ExitCode.OK;
    }
  }

  private void show(Listings listings, TriggerRow trigger) {
    List<RunRow> runs = listings.runsOf(trigger.id());
    List<TriggerRow> parts = listings.childrenOf(trigger.id());
    if (json) {
      JsonOutput.print(out(), JsonOutput.details(trigger, runs, parts));
      return;
    }
    line("trigger", trigger.id());
    line("flow", trigger.flow());
    line("kind", trigger.kind().label());
    line("due", Text.time(trigger.due()));
    line("by", trigger.by());
    line("parameters", TriggersCommand.parameters(trigger));
    line("state", trigger.state().label());
    line("reason", trigger.reason());
    line("parent", trigger.parent());
    line("started", trigger.started().map(Text::time).orElse(""));
    line("ended", trigger.ended().map(Text::time).orElse(""));
    line("attempts", Integer.toString(trigger.attempts()));
    if (!runs.isEmpty()) {
      out().println();
      RunsCommand.print(out(), runs);
    }
    if (!parts.isEmpty()) {
      long ended = parts.stream().filter(part -> part.state().isEnded()).count();
      out().println();
      out().println("%d of %s ended".formatted(ended, Text.count(parts.size(), "part")));
      TriggersCommand.print(out(), parts);
    }
  }

  private void print(RunRow found, List<BatchRow> batches, List<DeadLetterRow> letters) {
    line("run", found.id());
    line("flow", found.flow());
    line("source", found.location());
    line("table", found.target().toString());
    line("trigger", found.trigger());
    line("state", found.state().label());
    line("reason", found.reason());
    line("remedy", found.remedy());
    line("started", Text.time(found.started()));
    line("ended", found.ended().map(Text::time).orElse(""));
    line("rows", Text.count(found.rows()));
    line("dead letters", found.deadRows() == 0 ? "" : Text.count(found.deadRows()));
    line("size", Text.size(found.bytes()));
    line("moved in", Text.seconds(found.movedFor()));
    if (!batches.isEmpty()) {
      out().println();
      Text.table(
              List.of(
                  "BATCH = QUERY ID",
                  "STATE",
                  "BYTES FROM",
                  "TO",
                  "ROWS",
                  "SIZE",
                  "TRIES",
                  "TIME",
                  "ERROR"),
              batches.stream().map(ShowCommand::row).toList())
          .forEach(out()::println);
    }
    letters.stream().limit(MOST_LETTERS).forEach(this::print);
    if (letters.size() > MOST_LETTERS) {
      out().println();
      out()
          .println(
              "%s more: ./waybill dead-letters list --run %s"
                  .formatted(Text.count(letters.size() - MOST_LETTERS, "dead letter"), found.id()));
    }
  }

  private void print(DeadLetterRow letter) {
    out().println();
    out()
        .println(
            "dead letter %s, %s: line %s, data/dead-letters/%s"
                .formatted(
                    letter.id(), letter.state().label(), Text.count(letter.line()), letter.file()));
    out().println("  " + letter.reason());
    if (!letter.remedy().isEmpty()) {
      out().println("  remedy: " + letter.remedy());
    }
  }

  private void line(String name, String value) {
    if (!value.isEmpty()) {
      out().println(String.format("%-13s %s", name, value));
    }
  }

  private static List<String> row(BatchRow batch) {
    return List.of(
        batch.id(),
        batch.state().label(),
        Text.count(batch.position().from()),
        Text.count(batch.position().to()),
        Text.count(batch.rows()),
        Text.size(batch.bytes()),
        Integer.toString(batch.attempts()),
        batch.elapsed().map(Text::seconds).orElse("-"),
        batch.errorCode() == 0 ? "-" : batch.errorCode() + " " + batch.errorName());
  }
}
