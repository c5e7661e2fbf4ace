package io.waybill.cli;

import io.waybill.app.CliIdentity;
import io.waybill.control.Caller;
import io.waybill.identity.DeviceLogin.Invitation;
import io.waybill.policy.Identity;
import picocli.CommandLine.Command;

/** Logs in. */
@Command(
    name = "login",
    mixinStandardHelpOptions = true,
    description =
        "Log in at the provider of waybill.identity.oidc.issuer, in a browser here or elsewhere. The"
            + " login is kept for later commands in a file that only you can read.")
final class LoginCommand extends WaybillCommand {
  @Override
  int run() {
    Identity who = new CliIdentity(config(), System.getenv()).login(this::invite);
    out().println("logged in as " + Caller.signature(who));
    return ExitCode.OK;
  }

  private void invite(Invitation invitation) {
    out().println("Open " + invitation.place());
    out().println("and enter the code " + invitation.code());
    invitation.complete().ifPresent(complete -> out().println("or open " + complete));
    out().flush();
  }
}
