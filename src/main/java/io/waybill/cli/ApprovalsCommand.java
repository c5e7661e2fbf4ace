package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.control.Order;
import io.waybill.ledger.ApprovalRow;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists and decides what needs a second person. */
@Command(
    name = "approvals",
    mixinStandardHelpOptions = true,
    description = "List what needs a second person, or decide it; who asked for it cannot.")
final class ApprovalsCommand extends OrderCommand {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What to do. */
  private enum Deed {
    list,
    approve,
    reject
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "list|approve|reject",
      defaultValue = "list",
      description = "What to do. Default: list.")
  private Deed deed = Deed.list;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ID",
      description = "Number of the approval.")
  private Long number;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "List at most so many, the newest first. Default: ${DEFAULT-VALUE}.")
  private int limit = 50;

  @Option(names = "--json", description = "Print the list as JSON.")
  private boolean json;

  @Override
  int run() throws Exception {
    return switch (deed) {
      case list -> list();
      case approve, reject -> {
        if (number == null) {
          throw new UsageException("which? ./waybill approvals lists their numbers");
        }
        yield place(new Order.Decide(number, deed == Deed.approve));
      }
    };
  }

  private int list() {
    try (Listings listings = new LedgerListings(home(), config())) {
      List<ApprovalRow> rows = listings.approvals(limit);
      if (json) {
        JsonOutput.print(out(), json(rows));
        return ExitCode.OK;
      }
      if (rows.isEmpty()) {
        out().println("nothing waits for a second person, and nothing did");
      } else {
        Text.table(
                List.of("ID", "STATE", "WHAT", "BY", "SINCE", "UNTIL", "DECIDED BY"),
                rows.stream().map(ApprovalsCommand::row).toList())
            .forEach(out()::println);
      }
      out().flush();
      return ExitCode.OK;
    }
  }

  private static List<String> row(ApprovalRow row) {
    return List.of(
        Long.toString(row.number()),
        row.state(Instant.now()).label(),
        row.summary(),
        row.by(),
        Text.time(row.at()),
        Text.time(row.expires()),
        row.decision().by().isEmpty() ? "-" : row.decision().by());
  }

  private static ArrayNode json(List<ApprovalRow> rows) {
    ArrayNode all = JSON.createArrayNode();
    for (ApprovalRow row : rows) {
      all.addObject()
          .put("approval", row.number())
          .put("state", row.state(Instant.now()).label())
          .put("action", row.action())
          .put("flow", row.flow())
          .put("environment", row.environment())
          .put("rule", row.rule())
          .put("summary", row.summary())
          .put("orderedBy", row.by())
          .put("orderedAt", row.at().toString())
          .put("expiresAt", row.expires().toString())
          .put("decidedBy", row.decision().by())
          .put("decidedAt", row.decision().at().map(Object::toString).orElse(null));
    }
    return all;
  }
}
