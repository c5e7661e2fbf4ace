package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.waybill.app.HomeRights;
import io.waybill.app.LedgerListings;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.ChainEntry;
import io.waybill.control.Listings;
import io.waybill.ledger.AuditRow;
import io.waybill.ledger.AuditSelection;
import io.waybill.policy.Action;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists events. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List audit events, the newest first, from the ledger.")
final class AuditListCommand extends WaybillCommand {
  @Option(names = "--kind", split = ",", paramLabel = "KIND", description = "Of these kinds.")
  private List<String> kinds = List.of();

  @Option(names = "--flow", paramLabel = "FLOW", description = "Of this flow.")
  private String flow;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "Of this run; the beginning of an id will do.")
  private String run;

  @Option(names = "--by", paramLabel = "WHO", description = "Ordered by this person.")
  private String by;

  @Option(names = "--outcome", paramLabel = "OUTCOME", description = "With this outcome.")
  private String outcome;

  @Option(names = "--from", paramLabel = "TIME", description = "From this date or time on, UTC.")
  private String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Before this date or time, UTC.")
  private String to;

  @Mixin private ListChoice list;

  @Override
  int run() {
    new HomeRights(home(), config(), System.getenv()).require("audit list", Action.AUDIT);
    int limit = list.limit();
    for (String kind : kinds) {
      if (AuditKind.of(kind).isEmpty()) {
        throw new UsageException("--kind: there are " + AuditKind.labels());
      }
    }
    try (Listings listings = new LedgerListings(home(), config())) {
      List<AuditRow> rows = listings.audit(selection(), limit);
      if (list.json()) {
        JsonOutput.print(out(), json(rows));
      } else if (rows.isEmpty()) {
        out().println("no such audit events");
      } else {
        Text.table(
                List.of("EVENT", "TIME", "KIND", "OUTCOME", "WHO", "WHAT", "REASON"),
                rows.stream().map(AuditListCommand::row).toList())
            .forEach(out()::println);
      }
      return ExitCode.OK;
    }
  }

  private AuditSelection selection() {
    return new AuditSelection(
        kinds,
        Optional.ofNullable(flow),
        Optional.ofNullable(run),
        Optional.ofNullable(by),
        Optional.ofNullable(outcome),
        Optional.ofNullable(from).map(text -> Times.parse("--from", text)),
        Optional.ofNullable(to).map(text -> Times.parse("--to", text)),
        Optional.empty());
  }

  private static ArrayNode json(List<AuditRow> rows) {
    ArrayNode all = new ObjectMapper().createArrayNode();
    rows.forEach(row -> ChainEntry.parse(row.line()).ifPresent(entry -> all.add(entry.json())));
    return all;
  }

  private static List<String> row(AuditRow row) {
    Optional<ChainEntry> entry = ChainEntry.parse(row.line());
    return List.of(
        row.epoch() + "-" + row.seq(),
        Text.time(row.at()),
        row.kind(),
        text(entry, AuditField.OUTCOME),
        who(entry),
        what(entry),
        text(entry, AuditField.REASON));
  }

  private static String who(Optional<ChainEntry> entry) {
    String person = text(entry, AuditField.ORDERED_BY);
    return person.isEmpty() ? text(entry, AuditField.CLICKHOUSE_USER) : person;
  }

  private static String what(Optional<ChainEntry> entry) {
    if (entry.isPresent() && entry.get().isPruned()) {
      return "(pruned)";
    }
    String[] parts = {
      text(entry, AuditField.ACTION),
      text(entry, AuditField.FLOW),
      first(text(entry, AuditField.BATCH), text(entry, AuditField.RUN)),
      first(text(entry, AuditField.LOCATION), text(entry, AuditField.SOURCE))
    };
    return String.join(" ", List.of(parts)).replaceAll(" +", " ").strip();
  }

  private static String first(String one, String other) {
    return one.isEmpty() ? other : one;
  }

  private static String text(Optional<ChainEntry> entry, AuditField field) {
    return entry.map(each -> each.text(field)).orElse("").replaceAll("\\s+", " ");
  }
}
