package io.waybill.cli;

import io.waybill.app.CliIdentity;
import picocli.CommandLine.Command;

/** Forgets a login. */
@Command(
    name = "logout",
    mixinStandardHelpOptions = true,
    description = "Forget the login of ./waybill login, here and at the provider.")
final class LogoutCommand extends WaybillCommand {
  @Override
  int run() {
    boolean had = new CliIdentity(config(), System.getenv()).logout();
    out().println(had ? "logged out" : "nobody was logged in");
    return ExitCode.OK;
  }
}
