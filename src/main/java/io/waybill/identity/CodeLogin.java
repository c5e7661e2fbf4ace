package io.waybill.identity;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Logs people in by a browser: authorization code with PKCE (RFC 6749, 7636), the code exchanged on
 * this side. What comes back is tied to what was begun by {@code state}, by a cookie of the browser
 * that began it, and by {@code nonce}. Thread-safe.
 */
public final class CodeLogin {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int MOST = 1000;
  private final Provider provider;
  private final TokenEndpoint tokens;
  private final TokenVerifier verifier;
  private final Clock clock;

  /** What was begun, the oldest first, by state. */
  private final Map<String, Begun> begun = new LinkedHashMap<>();

  public CodeLogin(Provider provider, Clock clock) {
    OidcSettings settings = provider.settings();
    this.provider = provider;
    this.tokens = new TokenEndpoint(provider, settings.clientId(), settings.clientSecret());
    this.verifier = TokenVerifier.ofLogins(provider, settings.clientId(), clock);
    this.clock = clock;
  }

  private record Begun(
      String browser, String verifier, String nonce, String redirect, Instant until) {}

  /**
   * Where a browser is to go.
   *
   * @param location at the provider
   * @param browser what the browser must show when it comes back
   */
  public record Way(URI location, String browser) {}

  /**
   * A login that came back.
   *
   * @param who who logged in
   * @param tokens what the provider gave
   */
  record Done(Verified who, Tokens tokens) {}

  TokenEndpoint tokens() {
    return tokens;
  }

  TokenVerifier verifier() {
    return verifier;
  }

  /**
   * Begins a login.
   *
   * @param redirect where the browser comes back to
   */
  public Way begin(String redirect) throws ProviderException {
    URI place =
        provider
            .metadata()
            .authorization()
            .orElseThrow(() -> new ProviderException("the OIDC provider has no login", ""));
    String state = RandomText.make();
    Begun made =
        new Begun(
            RandomText.make(),
            RandomText.make(),
            RandomText.make(),
            redirect,
            clock.instant().plus(PATIENCE));
    keep(state, made);
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", provider.settings().clientId());
    query.put("redirect_uri", redirect);
    query.put("scope", provider.settings().scope());
    query.put("state", state);
    query.put("nonce", made.nonce());
    query.put("code_challenge", RandomText.challenge(made.verifier()));
    query.put("code_challenge_method", "S256");
    String text =
        query.entrySet().stream()
            .map(each -> each.getKey() + "=" + ProviderHttp.encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    return new Way(
        URI.create(place + (place.getRawQuery() == null ? "?" : "&") + text), made.browser());
  }

  /** Many that are begun and never end cost no more than the oldest of them. */
  private synchronized void keep(String state, Begun made) {
    Instant now = clock.instant();
    begun.values().removeIf(each -> each.until().isBefore(now));
    Iterator<String> oldest = begun.keySet().iterator();
    if (begun.size() >= MOST) {
      oldest.next();
      oldest.remove();
    }
    begun.put(state, made);
  }

  /** Each state is good once. */
  private synchronized Begun take(String state) {
    return begun.remove(state);
  }

  /**
   * Ends a login.
   *
   * @param browser what the browser shows
   * @throws RefusedTokenException if it is none that was begun here by that browser, or if the
   *     provider's token is no good
   */
  Done finish(String state, String code, String browser)
      throws RefusedTokenException, ProviderException {
    Begun login = take(state);
    if (login == null
        || login.until().isBefore(clock.instant())
        || !StaticTokens.isSame(login.browser(), browser)) {
      throw new RefusedTokenException(
          "this login was not begun here by this browser, or not in the last ten minutes");
    }
    Tokens given = tokens.byCode(code, login.verifier(), login.redirect());
    return new Done(verifier.verify(given.id().reveal(), login.nonce()), given);
  }
}
