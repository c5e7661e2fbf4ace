package io.waybill.identity;

import io.waybill.secret.Secret;
import java.time.Clock;

/**
 * Which of two tokens is shown to Waybill: the access token, or, of providers whose access tokens
 * are no JWTs or for others, the id token. Thread-safe.
 */
final class BearerChoice {
  private final TokenVerifier verifier;

  BearerChoice(Provider provider, Clock clock) {
    this.verifier = TokenVerifier.ofBearers(provider, clock);
  }

  /** A token that Waybill takes, and whose it is. */
  record Bearer(Secret token, Verified who) {}

  Bearer of(Tokens tokens) throws RefusedTokenException, ProviderException {
    try {
      return new Bearer(tokens.access(), verifier.verify(tokens.access().reveal()));
    } catch (RefusedTokenException e) {
      if (tokens.id().isEmpty()) {
        throw e;
      }
      try {
        return new Bearer(tokens.id(), verifier.verify(tokens.id().reveal()));
      } catch (RefusedTokenException ofId) {
        throw new RefusedTokenException(
            "the provider's access token is not taken: %s; nor is its id token: %s"
                .formatted(e.getMessage(), ofId.getMessage()));
      }
    }
  }
}
