package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.app.LedgerListings;
import io.waybill.app.LivePolicies;
import io.waybill.app.PolicyQuestions;
import io.waybill.control.Listings;
import io.waybill.policy.Decision;
import io.waybill.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether somebody may do something, and by which line. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description =
        "Say whether somebody may do something now, and which line of policy.yaml decides. Exit"
            + " code 3 tells that he may not.")
final class PolicyExplainCommand extends WaybillCommand {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(
      index = "0",
      paramLabel = "WHO",
      description =
          "role:NAME (as a flow), local:NAME, token:NAME, vault:NAME, claim:groups=developers"
              + " (several with commas); without a prefix a role if there is one of that name, else"
              + " local.")
  private String who;

  @Parameters(
      index = "1..*",
      arity = "1..2",
      paramLabel = "WHAT",
      description =
          "read, write or operate with a table as database.table; or audit, or administer.")
  private List<String> what = new ArrayList<>();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  int run() {
    Policy policy = LivePolicies.load(home(), config()).current();
    PolicyQuestions.Answered answered;
    try (Listings listings = new LedgerListings(home(), config())) {
      answered = new PolicyQuestions(policy, listings.killSwitches()).ask(who, what);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
    if (json) {
      JsonOutput.print(out(), json(answered));
    } else {
      print(answered);
    }
    return answered.decision().allowed() ? ExitCode.OK : ExitCode.HELD_OR_FAILED;
  }

  private static ObjectNode json(PolicyQuestions.Answered answered) {
    Decision decision = answered.decision();
    ObjectNode node =
        JSON.createObjectNode()
            .put("who", answered.who().toString())
            .put("allowed", decision.allowed())
            .put("line", decision.line())
            .put("reason", decision.reason())
            .put("remedy", decision.remedy());
    answered.roles().forEach(node.putArray("roles")::add);
    answered.environments().forEach(node.putArray("environments")::add);
    answered.notes().forEach(node.putArray("notes")::add);
    return node;
  }

  private void print(PolicyQuestions.Answered answered) {
    Decision decision = answered.decision();
    out().println((decision.allowed() ? "yes: " : "no: ") + decision);
    if (!decision.remedy().isEmpty()) {
      out().println("  remedy: " + decision.remedy());
    }
    answered.notes().forEach(note -> out().println("  " + note));
    out().flush();
  }
}
