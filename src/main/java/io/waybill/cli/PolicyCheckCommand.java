package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.app.LivePolicies;
import io.waybill.policy.Environment;
import io.waybill.policy.Policy;
import io.waybill.policy.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks policy.yaml. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Check policy.yaml and tell all problems with their lines. Nothing is changed; exit code 2"
            + " tells that there are some.")
final class PolicyCheckCommand extends WaybillCommand {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  int run() {
    Policy policy = LivePolicies.load(home(), config()).current();
    if (json) {
      ObjectNode node =
          JSON.createObjectNode().put("present", policy.isPresent()).put("hash", policy.hash());
      policy.environments().stream()
          .map(Environment::name)
          .forEach(node.putArray("environments")::add);
      policy.roles().stream().map(Role::name).forEach(node.putArray("roles")::add);
      JsonOutput.print(out(), node);
      return ExitCode.OK;
    }
    if (!policy.isPresent()) {
      out()
          .println(
              "no policy: everything is allowed; docs/security.md#policy tells how to write one");
      return ExitCode.OK;
    }
    out()
        .println(
            "policy.yaml is well: environments %s; roles %s; SHA-256 %s"
                .formatted(
                    String.join(
                        ", ", policy.environments().stream().map(Environment::name).toList()),
                    String.join(", ", policy.roles().stream().map(Role::name).toList()),
                    policy.hash()));
    out().flush();
    return ExitCode.OK;
  }
}
