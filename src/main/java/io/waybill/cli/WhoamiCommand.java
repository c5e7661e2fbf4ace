package io.waybill.cli;

import io.waybill.app.HomeRights;
import io.waybill.control.Caller;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says who gives commands here. */
@Command(
    name = "whoami",
    mixinStandardHelpOptions = true,
    description = "Say as whom commands order here, and which roles the policy gives.")
final class WhoamiCommand extends WaybillCommand {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  int run() {
    HomeRights rights = new HomeRights(home(), config(), System.getenv());
    Set<String> roles = rights.roles();
    if (json) {
      JsonOutput.print(out(), JsonOutput.caller(rights.who(), rights.isOn(), roles));
    } else {
      out().println(Caller.signature(rights.who()));
      out().println(rights.isOn() ? roles(roles) : "no policy.yaml: everything is allowed");
    }
    return ExitCode.OK;
  }

  private static String roles(Set<String> roles) {
    return roles.isEmpty() ? "no role" : "roles: " + String.join(", ", roles);
  }
}
