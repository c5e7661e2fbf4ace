package io.waybill.app;

import io.waybill.identity.CliLogin;
import io.waybill.identity.DeviceLogin;
import io.waybill.identity.LoginFile;
import io.waybill.identity.Provider;
import io.waybill.identity.ProviderException;
import io.waybill.identity.RefusedTokenException;
import io.waybill.policy.Identity;
import io.waybill.secret.CredentialsException;
import io.waybill.secret.Secret;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Who orders at the command line: the user of this machine, or who is logged in at the provider, as
 * {@code waybill.identity.cli} says.
 */
public final class CliIdentity {
  private static final Clock CLOCK = Clock.systemUTC();
  private final IdentityConfig config;
  private final LoginFile kept;

  public CliIdentity(WaybillConfig config, Map<String, String> environment) {
    this.config = config.identity();
    this.kept = LoginFile.ofUser(environment);
  }

  /**
   * Somebody who orders.
   *
   * @param who who it is
   * @param token what proves it to the process that serves; empty for a user of this machine
   */
  public record Known(Identity who, Optional<Secret> token) {}

  /**
   * Who orders.
   *
   * @throws ConfigurationException if that is to be proved and is not
   */
  public Known known() {
    return config.cliOidc() ? loggedIn() : new Known(local(), Optional.empty());
  }

  private static Identity local() {
    return Identity.local(LocalUser.name());
  }

  private Known loggedIn() {
    CliLogin.Known known =
        asked(() -> new CliLogin(provider(), kept, CLOCK).known(), "./waybill login");
    return new Known(known.who().who(), Optional.of(known.token()));
  }

  /**
   * Logs in, and keeps the login for later commands.
   *
   * @param told hears what a person is to do
   */
  public Identity login(Consumer<DeviceLogin.Invitation> told) {
    return asked(
        () -> new DeviceLogin(provider(), CLOCK).login(told, kept).who(),
        "./waybill login once more");
  }

  /** Forgets the login; whether there was one. */
  public boolean logout() {
    return asked(() -> new CliLogin(provider(), kept, CLOCK).logout(), "./waybill logout");
  }

  private Provider provider() {
    if (!config.hasProvider()) {
      throw new ConfigurationException(
          List.of("there is no provider to log in at; set waybill.identity.oidc.issuer"));
    }
    return new Provider(config.oidc(), CLOCK);
  }

  private static <T> T asked(Callable<T> question, String remedy) {
    try {
      return question.call();
    } catch (RefusedTokenException | ProviderException e) {
      throw new ConfigurationException(List.of(e.getMessage() + "; " + remedy));
    } catch (CredentialsException e) {
      throw new ConfigurationException(List.of(e.getMessage() + "; " + e.remedy()));
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
