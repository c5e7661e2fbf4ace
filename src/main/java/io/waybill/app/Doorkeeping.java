package io.waybill.app;

import io.waybill.control.Authentication;
import io.waybill.control.Caller;
import io.waybill.control.UnauthenticatedException;
import io.waybill.identity.CodeLogin;
import io.waybill.identity.Provider;
import io.waybill.identity.ProviderException;
import io.waybill.identity.RefusedTokenException;
import io.waybill.identity.Sessions;
import io.waybill.identity.StaticTokens;
import io.waybill.identity.TokenVerifier;
import io.waybill.identity.Verified;
import io.waybill.policy.Identity;
import io.waybill.policy.Policies;
import io.waybill.secret.CredentialsException;
import io.waybill.secret.Secret;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Finds out who asks at the management port: by static tokens, a provider's tokens, sessions. */
final class Doorkeeping implements Authentication {
  private static final String LOGIN = "log in at /login, or send a fresh token";
  private final Map<String, Secret> fileToken;
  private final Optional<VaultTokens> vaultTokens;
  private final Optional<TokenVerifier> bearers;
  private final Optional<CodeLogin> logins;
  private final Optional<Sessions> sessions;
  private final Policies policies;
  private final AccessTrail trail;
  private final Clock clock;

  /**
   * A doorkeeper.
   *
   * @param fileToken the token of a file, by the name of its holder; empty for none
   * @throws CredentialsException if the secret of our client cannot be read
   * @throws IllegalArgumentException if the provider is none that may be asked
   */
  Doorkeeping(
      IdentityConfig config,
      Map<String, Secret> fileToken,
      Optional<VaultTokens> vaultTokens,
      Policies policies,
      AccessTrail trail,
      Clock clock) {
    this.fileToken = fileToken;
    this.vaultTokens = vaultTokens;
    this.policies = policies;
    this.trail = trail;
    this.clock = clock;
    Optional<Provider> provider =
        config.hasProvider() ? Optional.of(new Provider(config.oidc(), clock)) : Optional.empty();
    this.bearers = provider.map(it -> TokenVerifier.ofBearers(it, clock));
    this.logins =
        provider.filter(it -> !config.clientId().isEmpty()).map(it -> new CodeLogin(it, clock));
    this.sessions =
        logins.map(it -> new Sessions(provider.orElseThrow(), it, config.session(), clock));
  }

  @Override
  public Ways ways() {
    return new Ways(
        !fileToken.isEmpty() || vaultTokens.isPresent() || bearers.isPresent(), logins.isPresent());
  }

  @Override
  public Optional<Caller> anybody() {
    return ways().tokens() || policies.current().isPresent()
        ? Optional.empty()
        : Optional.of(Caller.ANYBODY);
  }

  @Override
  public Caller ofToken(String token) throws UnauthenticatedException {
    Optional<Identity> holder = StaticTokens.holder(fileToken, token);
    if (holder.isEmpty() && vaultTokens.isPresent()) {
      holder = ofVault(vaultTokens.get(), token);
    }
    if (holder.isPresent()) {
      return Caller.of(holder.get());
    }
    if (bearers.isEmpty()) {
      throw UnauthenticatedException.refused(
          "the token is not the right one", "send Authorization: Bearer with one that is known");
    }
    TokenVerifier verifier = bearers.get();
    Verified verified = asked("the token", () -> verifier.verify(token));
    return new Caller(verified.who(), Optional.of(verified.until()), Optional.empty(), "");
  }

  /** A provider's token must not wait for Vault to come back. */
  private Optional<Identity> ofVault(VaultTokens tokens, String token)
      throws UnauthenticatedException {
    try {
      return StaticTokens.holder(tokens.tokens(), token);
    } catch (CredentialsException e) {
      if (bearers.isPresent() && token.split("\\.", -1).length == 3) {
        return Optional.empty();
      }
      throw UnauthenticatedException.away(e.getMessage(), e.remedy());
    }
  }

  @Override
  public Caller ofSession(String id) throws UnauthenticatedException {
    Optional<Sessions.Live> live =
        sessions.isEmpty() ? Optional.empty() : asked("the session", () -> sessions.get().of(id));
    return live.map(it -> new Caller(it.who().who(), Optional.empty(), Optional.of(id), it.csrf()))
        .orElseThrow(
            () -> UnauthenticatedException.refused("the session has ended", "log in at /login"));
  }

  @Override
  public boolean isGood(Caller caller) {
    if (caller.session().isPresent()) {
      return sessions.isPresent() && sessions.get().isOpen(caller.session().get());
    }
    return caller.until().map(clock.instant()::isBefore).orElse(true)
        && (!caller.equals(Caller.ANYBODY) || anybody().isPresent());
  }

  @Override
  public Begun begin(String redirect) throws UnauthenticatedException {
    CodeLogin login = logins.orElseThrow(Doorkeeping::noLogin);
    CodeLogin.Way way = asked("the login", () -> login.begin(redirect));
    return new Begun(way.location(), way.browser());
  }

  private static UnauthenticatedException noLogin() {
    return UnauthenticatedException.refused(
        "nobody can log in here by a browser",
        "set waybill.identity.oidc.client-id, or use a token");
  }

  @Override
  public String finish(String state, String code, String browser) throws UnauthenticatedException {
    Sessions all = sessions.orElseThrow(Doorkeeping::noLogin);
    Sessions.Opened opened = asked("the login", () -> all.open(state, code, browser));
    trail.loggedIn(opened.who().who(), "login");
    return opened.id();
  }

  @Override
  public Optional<URI> logout(Caller caller, String back) {
    if (caller.session().isEmpty() || sessions.isEmpty()) {
      return Optional.empty();
    }
    trail.loggedIn(caller.who(), "logout");
    return sessions.get().close(caller.session().get(), back);
  }

  /** Asks what may have to wait for the provider. */
  private static <T> T asked(String what, Callable<T> question) throws UnauthenticatedException {
    try {
      return question.call();
    } catch (RefusedTokenException e) {
      throw UnauthenticatedException.refused(what + " is refused: " + e.getMessage(), LOGIN);
    } catch (ProviderException e) {
      throw e.isRefusal()
          ? UnauthenticatedException.refused(what + " is refused by the provider", LOGIN)
          : UnauthenticatedException.away(
              e.getMessage(), "ask again when it answers; see waybill.identity.oidc.issuer");
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
