package io.waybill.identity;

import io.waybill.secret.Secret;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Who is logged in at the command line. */
public final class CliLogin {
  private final Provider provider;
  private final LoginFile kept;
  private final BearerChoice choice;

  public CliLogin(Provider provider, LoginFile kept, Clock clock) {
    this.provider = provider;
    this.kept = kept;
    this.choice = new BearerChoice(provider, clock);
  }

  /**
   * Who it is, and a token that says so.
   *
   * @param token for the process that serves; never to be kept
   */
  public record Known(Verified who, Secret token) {}

  static TokenEndpoint endpoint(Provider provider) {
    OidcSettings settings = provider.settings();
    boolean same = settings.cliClientId().equals(settings.clientId());
    return new TokenEndpoint(
        provider, settings.cliClientId(), same ? settings.clientSecret() : Secret.none());
  }

  /**
   * Asks the provider for fresh tokens by what was kept.
   *
   * @throws RefusedTokenException if nobody is logged in, or not any more
   */
  public Known known() throws RefusedTokenException, ProviderException {
    String issuer = provider.settings().issuer();
    Secret refresh =
        kept.read(issuer).orElseThrow(() -> new RefusedTokenException("nobody is logged in here"));
    try {
      Tokens tokens = endpoint(provider).byRefresh(refresh);
      if (!tokens.refresh().isEmpty()) {
        kept.keep(issuer, tokens.refresh());
      }
      BearerChoice.Bearer bearer = choice.of(tokens);
      return new Known(bearer.who(), bearer.token());
    } catch (ProviderException e) {
      if (e.isRefusal()) {
        throw new RefusedTokenException("the login has ended: " + e.error());
      }
      throw e;
    }
  }

  /**
   * Forgets the login, here and at the provider if that has a place for it (RFC 7009).
   *
   * @return whether there was one
   * @throws ProviderException if the provider was not told; here it is forgotten all the same
   */
  public boolean logout() throws ProviderException {
    String issuer = provider.settings().issuer();
    Optional<Secret> refresh = kept.read(issuer);
    if (refresh.isEmpty()) {
      return false;
    }
    kept.forget(issuer);
    Optional<URI> place = provider.metadata().revocation();
    if (place.isPresent()) {
      var unused =
          endpoint(provider)
              .form(
                  place.get(),
                  Map.of("token", refresh.get().reveal(), "token_type_hint", "refresh_token"));
    }
    return true;
  }
}
