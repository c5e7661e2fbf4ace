package io.waybill.identity;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.secret.Secret;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Logs somebody in who has a browser elsewhere: the device authorization grant, RFC 8628. */
public final class DeviceLogin {
  private static final Duration SLOWER = Duration.ofSeconds(5);
  private static final int USUAL_SECONDS = 5;
  private static final int SHORTEST_SECONDS = 1;
  private static final int LONGEST_SECONDS = 60;
  private static final int LIFE_SECONDS = 900;
  private final Provider provider;
  private final TokenEndpoint tokens;
  private final BearerChoice choice;
  private final Clock clock;

  public DeviceLogin(Provider provider, Clock clock) {
    OidcSettings settings = provider.settings();
    this.provider = provider;
    this.tokens = CliLogin.endpoint(provider);
    this.choice = new BearerChoice(provider, clock);
    this.clock = clock;
    if (settings.cliClientId().isEmpty()) {
      throw new IllegalArgumentException("waybill.identity.oidc.client-id is not set");
    }
  }

  /**
   * What a person is to do.
   *
   * @param place address to open
   * @param code code to type there
   * @param complete address that has the code in it, if the provider gave one
   */
  public record Invitation(String place, String code, Optional<String> complete) {}

  /**
   * Waits until somebody has let us in.
   *
   * @param told hears what a person is to do
   * @param kept where the login is kept
   * @throws RefusedTokenException if he refused, or took too long, or the token is no good
   */
  public Verified login(Consumer<Invitation> told, LoginFile kept)
      throws RefusedTokenException, ProviderException, InterruptedException {
    URI place =
        provider
            .metadata()
            .device()
            .orElseThrow(
                () -> new ProviderException("the OIDC provider knows no login of devices", ""));
    String verifier = RandomText.make();
    JsonNode begun =
        tokens.form(
            place,
            Map.of(
                "scope", provider.settings().scope(),
                // some providers ask for it here too, the others pass over it
                "code_challenge", RandomText.challenge(verifier),
                "code_challenge_method", "S256"));
    Secret device = TokenEndpoint.secret(begun, "device_code");
    String complete = begun.path("verification_uri_complete").asText("");
    told.accept(
        new Invitation(
            begun.path("verification_uri").asText(begun.path("verification_url").asText("")),
            begun.path("user_code").asText(""),
            Optional.of(complete).filter(text -> !text.isEmpty())));
    Tokens given =
        awaited(
            device,
            verifier,
            Duration.ofSeconds(
                Math.max(
                    SHORTEST_SECONDS,
                    Math.min(LONGEST_SECONDS, begun.path("interval").asInt(USUAL_SECONDS)))),
            clock.instant().plusSeconds(begun.path("expires_in").asInt(LIFE_SECONDS)));
    BearerChoice.Bearer bearer = choice.of(given);
    if (given.refresh().isEmpty()) {
      throw new RefusedTokenException(
          "the provider gives no refresh token; see its scopes in waybill.identity.oidc.scope");
    }
    kept.keep(provider.settings().issuer(), given.refresh());
    return bearer.who();
  }

  private Tokens awaited(Secret device, String verifier, Duration interval, Instant until)
      throws RefusedTokenException, ProviderException, InterruptedException {
    Duration pause = interval;
    while (clock.instant().isBefore(until)) {
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
      try {
        return tokens.byDevice(device, verifier);
      } catch (ProviderException e) {
        switch (e.error()) {
          case "authorization_pending" -> {
            // nobody has decided yet
          }
          case "slow_down" -> pause = pause.plus(SLOWER);
          case "access_denied" -> throw new RefusedTokenException("the login was refused");
          case "expired_token" -> throw new RefusedTokenException("nobody logged in in time");
          default -> throw e;
        }
      }
    }
    throw new RefusedTokenException("nobody logged in in time");
  }
}
